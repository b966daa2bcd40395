package io.rephrase.reward.math;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the answer in a completion, after any thinking: the last box, an answer tag, "the answer
 * is", {@code ####}, the last number. Linear in the text.
 */
public final class AnswerExtractor {

  private static final int WINDOW = 20_000;
  private static final int MAX_JOINED_BOXES = 16;
  private static final Pattern PHRASE =
      Pattern.compile(
          "(?:(?:final|correct|the)\\s+answer(?:\\s+(?:is|are|would be|equals|will be)\\b|\\s*[:=])"
              + "|\\banswer\\s*(?:is\\b|[:=]|\\*\\*\\s*:?|\\n)|\\banswer\\s*:\\*\\*)[\\s:*]*(?:therefore|thus|that)?[\\s:*]*",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern SENTENCE_END = Pattern.compile("[.!?](?=\\s|$)|\\n");
  private static final Pattern REASON =
      Pattern.compile(
          "(?<!\\s),?\\s++(?:because|since|as we|which|where|so that|not|rather than|by the|after|when)\\b");
  private static final Pattern BETWEEN_BOXES =
      Pattern.compile("[\\s$,;.]*(?:and|or|\\\\text\\{\\s*(?:and|or)\\s*\\})?[\\s$,;]*");
  private static final Pattern UNKNOWN =
      Pattern.compile(
          "\\b(?:cannot|can['’]?t|unable to|impossible to|not possible to)\\s+(?:be\\s+)?(?:determine|answer|tell|solve|find|say)"
              + "|\\b(?:doesn['’]?t|does not|don['’]?t|do not)\\s+(?:tell|say|specify|give us)\\b|\\bnot enough information\\b|\\binsufficient information\\b",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern APPROXIMATION =
      Pattern.compile(
          "(?<=[\\d})%$])(?:(?:\\s*+,)?\\s*+(?:\\(|or|which is|i\\.e\\.)\\s*+(?:about|approximately|roughly|around|≈|\\\\approx)"
              + "|\\s*+(?:≈|\\\\approx))\\s*+[$]?-?[\\d.,]*\\d\\)?[$.]*\\s*$");
  private static final Pattern BOLD_END = Pattern.compile("\\*\\*([^*\\n]{1,200}?)\\*\\*[\\s.!]*$");
  private static final Pattern FORMULA_END =
      Pattern.compile("(?<![\\$\\\\])\\$([^$\\n]{1,300})\\$[\\s.]*$");
  private static final Pattern LONG_WORD =
      Pattern.compile("(?<![\\\\A-Za-z])(?!and\\b|infty\\b|sqrt\\b)[A-Za-z]{3,}");
  private static final Pattern LAST_NUMBER =
      Pattern.compile(
          "(?:(?<![\\w)}])[-−])?\\d+(?:,\\d{3})*(?:\\.\\d+)?(?:[eE][+-]?\\d+)?(?:\\s?/\\s?\\d+)?(?:\\s?\\\\?%)?");

  private AnswerExtractor() {}

  /**
   * An answer.
   *
   * @param text as written
   * @param rule name of the rule that found it
   * @param line with what follows it on its line: {@code St. Petersburg}, where a sentence ends at
   *     the first full stop; else {@code text}
   */
  public record Extracted(String text, String rule, String line) {

    /** An answer whose end is known. */
    public Extracted(String text, String rule) {
      this(text, rule, text);
    }
  }

  /** The answer in {@code completion}, if there is one. */
  public static Optional<Extracted> find(String completion) {
    Optional<String> answer = afterThinking(completion);
    if (answer.isEmpty()) {
      return Optional.empty();
    }
    Optional<Extracted> stated = stated(answer.get());
    return stated.isPresent() || hasBox(answer.get()) ? stated : lastNumber(answer.get());
  }

  /** As {@link #find}, but without falling back to the last number. */
  public static Optional<Extracted> findStated(String completion) {
    return afterThinking(completion).flatMap(AnswerExtractor::stated);
  }

  /** What follows the last {@code </think>}; nothing where thinking never ended. */
  public static Optional<String> afterThinking(String completion) {
    int end = completion.lastIndexOf("</think>");
    if (end >= 0) {
      return Optional.of(completion.substring(end + "</think>".length()));
    }
    return completion.contains("<think>") ? Optional.empty() : Optional.of(completion);
  }

  private static Optional<Extracted> stated(String text) {
    if (hasBox(text)) {
      return lastBox(text);
    }
    String tail = text.substring(Math.max(0, text.length() - WINDOW));
    int close = tail.lastIndexOf("</answer>");
    int open = tail.lastIndexOf("<answer>", close < 0 ? 0 : close);
    if (close >= 0 && open >= 0) {
      return found(tail.substring(open + "<answer>".length(), close), "answer-tag");
    }
    return phraseOrHashes(tail);
  }

  private static boolean hasBox(String text) {
    return boxStart(text, text.length()) >= 0;
  }

  private static int boxStart(String text, int before) {
    return Math.max(
        text.lastIndexOf("\\boxed", before - 1), text.lastIndexOf("\\fbox", before - 1));
  }

  /** The last box; boxes joined by a comma or "and" are one answer. */
  private static Optional<Extracted> lastBox(String text) {
    int start = boxStart(text, text.length());
    Optional<int[]> last = content(text, start);
    if (last.isEmpty()) {
      return Optional.empty();
    }
    String answer = text.substring(last.get()[0], last.get()[1]);
    if (answer.isBlank()) {
      return Optional.empty();
    }
    int boxes = 1;
    int previous = boxStart(text, start);
    while (previous >= 0 && boxes < MAX_JOINED_BOXES) {
      Optional<int[]> span = content(text, previous);
      if (span.isEmpty() || span.get()[1] + 1 > start || start - span.get()[1] > 40) {
        break;
      }
      String between = text.substring(Math.min(span.get()[1] + 1, start), start);
      if (!BETWEEN_BOXES.matcher(between).matches() || between.contains(".")) {
        break;
      }
      answer = text.substring(span.get()[0], span.get()[1]) + ", " + answer;
      start = previous;
      previous = boxStart(text, start);
      boxes++;
    }
    return found(answer, boxes == 1 ? "last-box" : "joined-boxes");
  }

  private static Optional<int[]> content(String text, int box) {
    int at = text.indexOf("box", box) + (text.startsWith("\\boxed", box) ? 5 : 3);
    at = LatexCleaner.skipSpaces(text, at);
    if (at >= text.length()) {
      return Optional.empty();
    }
    if (text.charAt(at) != '{') {
      int end = at;
      while (end < text.length()
          && !Character.isWhitespace(text.charAt(end))
          && text.charAt(end) != '$') {
        end++;
      }
      return Optional.of(new int[] {at, end});
    }
    int depth = 0;
    for (int end = at; end < text.length(); end++) {
      char c = text.charAt(end);
      if (c == '\\') {
        end++;
      } else if (c == '{') {
        depth++;
      } else if (c == '}' && --depth == 0) {
        return Optional.of(new int[] {at + 1, end});
      }
    }
    return Optional.empty();
  }

  /** The phrase, unless {@code ####} comes after it. */
  private static Optional<Extracted> phraseOrHashes(String tail) {
    Matcher matcher = PHRASE.matcher(tail);
    int start = -1;
    while (matcher.find()) {
      start = matcher.end();
    }
    Optional<Extracted> hashes = tail.lastIndexOf("####") > start ? hashes(tail) : Optional.empty();
    if (hashes.isPresent() || start < 0) {
      return hashes;
    }
    String rest = tail.substring(start).strip();
    return found(sentence(rest), "answer-phrase")
        .map(answer -> new Extracted(answer.text(), answer.rule(), firstLine(rest)));
  }

  /** The first sentence, without the reason that follows the answer. */
  private static String sentence(String text) {
    Matcher end = SENTENCE_END.matcher(text);
    OpenMath open = new OpenMath(text);
    String sentence = text;
    while (end.find()) {
      int at = end.start();
      if (!open.before(at) && at > 0) {
        boolean factorial = text.charAt(at) == '!' && Character.isDigit(text.charAt(at - 1));
        sentence = text.substring(0, factorial ? end.end() : at);
        break;
      }
    }
    Matcher reason = REASON.matcher(sentence);
    return reason.find() ? sentence.substring(0, reason.start()) : sentence;
  }

  private static Optional<Extracted> hashes(String tail) {
    int start = tail.lastIndexOf("####");
    if (start < 0) {
      return Optional.empty();
    }
    return found(firstLine(tail.substring(start + 4).strip()), "hashes");
  }

  private static String firstLine(String text) {
    int end = text.indexOf('\n');
    return end < 0 ? text : text.substring(0, end);
  }

  private static Optional<Extracted> lastNumber(String text) {
    String tail = withoutApproximation(text.substring(Math.max(0, text.length() - 4_000)));
    if (isGivenUp(tail.substring(Math.max(0, tail.length() - 300)))) {
      return Optional.empty();
    }
    Matcher bold = BOLD_END.matcher(tail);
    boolean isBold = bold.find();
    if (isBold && hasDigit(bold.group(1)) && isMathematics(bold.group(1))) {
      return found(bold.group(1), "last-bold");
    }
    Matcher formula = FORMULA_END.matcher(tail.substring(Math.max(0, tail.length() - 400)));
    if (formula.find() && isFormula(formula.group(1))) {
      return found(formula.group(1), "last-formula");
    }
    Matcher matcher = LAST_NUMBER.matcher(tail);
    int start = -1;
    int end = -1;
    while (matcher.find()) {
      start = matcher.start();
      end = matcher.end();
    }
    if (start < 0) {
      return isBold ? found(bold.group(1), "last-bold") : Optional.empty();
    }
    int line = tail.lastIndexOf('\n', start) + 1;
    String before = tail.substring(line, start);
    if (isDollarOpen(before)) {
      int open = line + before.lastIndexOf('$') + 1;
      int close = tail.indexOf('$', end);
      return found(tail.substring(open, close < 0 ? end : close), "last-number");
    }
    if (start > 0 && "{\\^_([".indexOf(tail.charAt(start - 1)) >= 0) {
      while (start > line && !Character.isWhitespace(tail.charAt(start - 1))) {
        start--;
      }
      while (end < tail.length() && !Character.isWhitespace(tail.charAt(end))) {
        end++;
      }
    }
    return found(tail.substring(start, end), "last-number");
  }

  /** Without words but those of units. */
  private static boolean isMathematics(String text) {
    return LONG_WORD.matcher(text).results().allMatch(word -> Units.isUnit(word.group()));
  }

  /** More than the name of something. */
  private static boolean isFormula(String text) {
    return text.chars().anyMatch(c -> Character.isDigit(c) || "+^=/\\".indexOf(c) >= 0);
  }

  /** {@code 1/6, or about 0.167}: the exact number before it is the answer. */
  private static String withoutApproximation(String text) {
    String end = text.substring(Math.max(0, text.length() - 200));
    Matcher approximation = APPROXIMATION.matcher(end);
    if (!approximation.find()) {
      return text;
    }
    String line =
        end.substring(end.lastIndexOf('\n', approximation.start()) + 1, approximation.start());
    return hasDigit(line) && !isDollarOpen(line)
        ? text.substring(0, text.length() - end.length() + approximation.start())
        : text;
  }

  /** Says that it cannot be told, and no number after that. */
  private static boolean isGivenUp(String end) {
    Matcher unknown = UNKNOWN.matcher(end);
    int last = -1;
    while (unknown.find()) {
      last = unknown.end();
    }
    return last >= 0 && !hasDigit(end.substring(last));
  }

  private static boolean isDollarOpen(String text) {
    return text.chars().filter(c -> c == '$').count() % 2 == 1;
  }

  private static boolean hasDigit(String text) {
    return text.chars().anyMatch(Character::isDigit);
  }

  private static Optional<Extracted> found(String answer, String rule) {
    String text = answer.strip();
    return text.isEmpty() ? Optional.empty() : Optional.of(new Extracted(text, rule));
  }
}
