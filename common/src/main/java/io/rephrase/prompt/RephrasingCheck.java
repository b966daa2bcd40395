package io.rephrase.prompt;

import io.rephrase.data.FinishReason;
import io.rephrase.data.RejectReason;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Whether a rephrasing may stand in for a rollout: it must have ended, be right, be the policy's
 * own words and contain the reasoning. Deterministic, immutable and thread-safe.
 *
 * <p>Measures: words are separated by white space and compared in lower case without punctuation at
 * their ends; numbers are compared by value without sign; the label of a step ("Step 3", "3." at
 * the start of a line) is no number.
 */
public final class RephrasingCheck {

  private static final Pattern NUMBER = Pattern.compile("\\d[\\d,]*(?:\\.\\d+)?");
  private static final Pattern STEP_LABEL =
      Pattern.compile(
          "\\bstep\\s+\\d+|^\\s*\\(?\\d+[.):](?=\\s)",
          Pattern.CASE_INSENSITIVE | Pattern.MULTILINE);
  private static final Pattern EDGE =
      Pattern.compile("^[\\p{Punct}&&[^-+$\\\\]]+|(?:(?<!\\p{Punct})|\\G)\\p{Punct}++$");

  private final Limits limits;
  private final Pattern leak;

  public RephrasingCheck(Limits limits) {
    this.limits = limits;
    this.leak = anyOf(limits.leakPhrases());
  }

  private static Pattern anyOf(List<String> phrases) {
    String either =
        phrases.isEmpty()
            ? "(?!)"
            : phrases.stream().map(Pattern::quote).collect(Collectors.joining("|", "(?:", ")"));
    return Pattern.compile(
        "(?<![\\p{L}\\p{N}])" + either + "(?![\\p{L}\\p{N}])",
        Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
  }

  /**
   * The limits.
   *
   * @param delta rewards below it are wrong
   * @param copyNgramWords n of the word n-grams compared with k
   * @param copyShare largest share of them that may stand in k
   * @param copyRunWords longest run of words it may have in common with k
   * @param minLengthRatio fewest tokens, as a share of k's
   * @param minNumbersShare smallest share of k's intermediate numbers
   * @param leakPhrases none may stand in the text, whatever its case; a part of a longer word is
   *     none
   */
  public record Limits(
      double delta,
      int copyNgramWords,
      double copyShare,
      int copyRunWords,
      double minLengthRatio,
      double minNumbersShare,
      List<String> leakPhrases) {
    public Limits {
      leakPhrases = List.copyOf(leakPhrases);
      if (copyNgramWords < 1) {
        throw new IllegalArgumentException(
            "copyNgramWords must be at least 1, got " + copyNgramWords);
      }
    }
  }

  /**
   * A rephrasing after stripping, with what it was made from.
   *
   * @param question q
   * @param gold the reference answer
   * @param knowledge k
   * @param knowledgeTokens length of k under the policy's tokenizer
   * @param text what is kept, without end-of-sequence token
   * @param textTokens its length
   * @param finishReason of the sampled completion
   * @param aligned whether the cuts fell between tokens
   * @param reward of the verdict on {@code text}; empty where there is none
   */
  public record Candidate(
      String question,
      String gold,
      String knowledge,
      int knowledgeTokens,
      String text,
      int textTokens,
      FinishReason finishReason,
      boolean aligned,
      OptionalDouble reward) {}

  /**
   * @param rejectReason the first of error, truncated, unaligned, empty, wrong, leak, copy,
   *     no-reasoning, no-verdict that holds; empty where accepted
   * @param copyShare share of its word n-grams that stand in k; 0 where it has none
   * @param longestCommonRun words in a row that it shares with k
   * @param reasoningShare share of k's intermediate numbers (in neither q nor gold) found in it;
   *     empty where k has fewer than two
   */
  public record Outcome(
      Optional<RejectReason> rejectReason,
      double copyShare,
      int longestCommonRun,
      Optional<Double> reasoningShare) {

    /** Whether it may be used. */
    public boolean accepted() {
      return rejectReason.isEmpty();
    }

    /** Whether it may be used, now or once a judge finds it right. */
    public boolean acceptable() {
      return accepted() || rejectReason.get() == RejectReason.NO_VERDICT;
    }
  }

  /** Measures and judges. */
  public Outcome check(Candidate candidate) {
    List<String> words = words(candidate.text());
    List<String> knowledgeWords = words(candidate.knowledge());
    double copyShare = copyShare(words, knowledgeWords);
    int run = longestCommonRun(words, knowledgeWords);
    Optional<Double> reasoning = reasoningShare(candidate);
    return new Outcome(reason(candidate, copyShare, run, reasoning), copyShare, run, reasoning);
  }

  private Optional<RejectReason> reason(
      Candidate candidate, double copyShare, int run, Optional<Double> reasoning) {
    if (candidate.finishReason() == FinishReason.ERROR) {
      return Optional.of(RejectReason.ERROR);
    }
    if (candidate.finishReason() != FinishReason.EOS) {
      return Optional.of(RejectReason.TRUNCATED);
    }
    if (!candidate.aligned()) {
      return Optional.of(RejectReason.UNALIGNED);
    }
    if (candidate.text().isBlank()) {
      return Optional.of(RejectReason.EMPTY);
    }
    if (candidate.reward().isPresent() && !(candidate.reward().getAsDouble() >= limits.delta())) {
      return Optional.of(RejectReason.WRONG);
    }
    if (leak.matcher(candidate.text()).find()) {
      return Optional.of(RejectReason.LEAK);
    }
    if (copyShare > limits.copyShare() || run > limits.copyRunWords()) {
      return Optional.of(RejectReason.COPY);
    }
    boolean tooShort =
        candidate.textTokens() < limits.minLengthRatio() * candidate.knowledgeTokens();
    boolean numbersMissing = reasoning.isPresent() && reasoning.get() < limits.minNumbersShare();
    if (tooShort || numbersMissing) {
      return Optional.of(RejectReason.NO_REASONING);
    }
    return candidate.reward().isPresent() ? Optional.empty() : Optional.of(RejectReason.NO_VERDICT);
  }

  private static List<String> words(String text) {
    return Pattern.compile("\\s+")
        .splitAsStream(text.toLowerCase(Locale.ROOT))
        .map(word -> EDGE.matcher(word).replaceAll(""))
        .filter(word -> !word.isEmpty())
        .toList();
  }

  private double copyShare(List<String> words, List<String> knowledgeWords) {
    int n = limits.copyNgramWords();
    Set<List<String>> known = new HashSet<>();
    for (int i = 0; i + n <= knowledgeWords.size(); i++) {
      known.add(knowledgeWords.subList(i, i + n));
    }
    int grams = words.size() - n + 1;
    int copied = 0;
    for (int i = 0; i < grams; i++) {
      if (known.contains(words.subList(i, i + n))) {
        copied++;
      }
    }
    return grams > 0 ? (double) copied / grams : 0;
  }

  /** Longest common substring over words, one row of the table at a time. */
  private static int longestCommonRun(List<String> words, List<String> knowledgeWords) {
    int longest = 0;
    int[] previous = new int[knowledgeWords.size() + 1];
    for (String word : words) {
      int[] current = new int[knowledgeWords.size() + 1];
      for (int j = 1; j <= knowledgeWords.size(); j++) {
        current[j] = word.equals(knowledgeWords.get(j - 1)) ? previous[j - 1] + 1 : 0;
        longest = Math.max(longest, current[j]);
      }
      previous = current;
    }
    return longest;
  }

  private static Optional<Double> reasoningShare(Candidate candidate) {
    Set<String> intermediate = numbers(STEP_LABEL.matcher(candidate.knowledge()).replaceAll(" "));
    intermediate.removeAll(numbers(candidate.question()));
    intermediate.removeAll(numbers(candidate.gold()));
    if (intermediate.size() < 2) {
      return Optional.empty();
    }
    Set<String> written = numbers(candidate.text());
    long found = intermediate.stream().filter(written::contains).count();
    return Optional.of((double) found / intermediate.size());
  }

  private static Set<String> numbers(String text) {
    Set<String> numbers = new LinkedHashSet<>();
    Matcher matcher = NUMBER.matcher(text);
    while (matcher.find()) {
      String plain = matcher.group().replace(",", "");
      String cut = plain.contains(".") ? plain.replaceAll("\\.?0+$", "") : plain;
      String unpadded = cut.replaceFirst("^0+(?=\\d)", "");
      numbers.add(unpadded);
    }
    return numbers;
  }
}
