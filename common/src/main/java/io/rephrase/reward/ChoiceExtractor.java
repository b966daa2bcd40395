package io.rephrase.reward;

import io.rephrase.reward.math.AnswerExtractor;
import io.rephrase.reward.math.AnswerExtractor.Extracted;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the option a completion chose: stated, boxed, said in a sentence, bare, or by its text. */
final class ChoiceExtractor {

  private static final int WINDOW = 20_000;
  private static final Pattern FONT =
      Pattern.compile(
          "\\\\(?:text|textbf|textit|mathrm|mathbf|mathit|mathsf|textrm|bf)\\s*\\{([^{}]*)\\}");
  private static final Pattern DRESS = Pattern.compile("\\*\\*|__|`|\\$|\\\\[()\\[\\],;! ]");
  private static final Pattern KEYWORD =
      Pattern.compile(
          "(?:\\banswer|答案)\\s*(?:(?:is|would be|must be|should be)\\b|[:=]|[-–] |\\n)(?:\\s*:)?\\s*(?:therefore\\s*)?(?:the\\s+)?"
              + "(?:(?:correct\\s+)?(?:option|choice|letter|answer)\\s*(?:is)?\\s*:?\\s*)?",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern LETTER =
      Pattern.compile(
          "^[\\s*_\"'(\\[{<]*([A-Za-z])(?![A-Za-z0-9'’])[\\s*_\"')\\]}>]*(.*)$", Pattern.DOTALL);
  private static final Pattern ANOTHER =
      Pattern.compile(
          "^[\\s,/&]*(?:and|or|,|/|&)\\s*(?:option\\s+)?\\(?[A-J]\\)?(?![A-Za-z]).*",
          Pattern.DOTALL);
  private static final Pattern ARTICLE =
      Pattern.compile("^[a-z]+(?<!\\bbecause|\\bsince|\\bis|\\bas|\\bbased)\\b.*", Pattern.DOTALL);
  private static final Pattern SUBJECT =
      Pattern.compile(
          "(?:(?:option|choice|answer|letter|alternative)\\s+\\(?([A-J])\\)?|\\(([A-J])\\)|(?<![\\w'’])([A-J]))"
              + "\\s+(?:is|must be|would be|seems|has to be)\\s+(?:therefore\\s+|thus\\s+|clearly\\s+|definitely\\s+)?"
              + "(?:the\\s+)?(?:correct|right|best|true|answer|only)",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern CONCLUSION =
      Pattern.compile(
          "(?<!not |n't |n’t |nnot |never )\\b(?i:is|be|it's|it’s|so|therefore|thus|hence|choose|chose|pick|select|with|"
              + "remains|leaves|left|for|matches|say|as|to|only|conclude|mark)\\b[,:]?\\s*(?:the\\s+)?"
              + "(?:(?:correct\\s+)?(?:option|choice|letter|answer|alternative)\\s*)?[\\s:]*[(\\[]?([A-J])[)\\]]?"
              + "(?=\\s*(?:[.!\\n]|,\\s+(?:because|since|as|which)\\b|\\s(?:because|since)\\b|[:)]\\s|$))");
  private static final Pattern BARE_FIRST =
      Pattern.compile("^[\\s(\\[]*([A-J])\\s*(?:[).:\\]]\\s*|\\n|$)");
  private static final Pattern BARE_LAST =
      Pattern.compile("(?:^|\\n)[\\s(\\[{*]*([A-Ja-j])[\\s)\\]}.*]*$");

  private final ChoiceOptions options;

  ChoiceExtractor(ChoiceOptions options) {
    this.options = options;
  }

  Optional<Extracted> find(String completion) {
    Optional<String> after = AnswerExtractor.afterThinking(completion);
    if (after.isEmpty()) {
      return Optional.empty();
    }
    String tail = after.get().substring(Math.max(0, after.get().length() - WINDOW));
    String text = plain(tail);
    Matcher keyword = KEYWORD.matcher(text);
    Optional<String> stated = Optional.empty();
    while (keyword.find()) {
      stated = Optional.of(text.substring(keyword.end()));
    }
    if (stated.isPresent()) {
      Optional<String> letter = statedLetter(stated.get());
      if (letter.isPresent()) {
        return inOptions(letter.get(), "answer-line");
      }
    }
    return boxed(tail).or(() -> sentences(text, after.get()));
  }

  private static String plain(String text) {
    String normal = Normalizer.normalize(text, Normalizer.Form.NFKC);
    return DRESS.matcher(FONT.matcher(normal).replaceAll("$1")).replaceAll("");
  }

  /** The letter stated; "?" where what stands there is a refusal or several letters. */
  private Optional<String> statedLetter(String rest) {
    Matcher letter = LETTER.matcher(rest);
    if (!letter.matches()) {
      return byText(firstLine(rest));
    }
    String found = letter.group(1);
    String tail = letter.group(2);
    boolean lower = Character.isLowerCase(found.charAt(0));
    boolean alone =
        tail.isBlank() || !Character.isLetterOrDigit(tail.charAt(0)) || hasBreak(rest, found);
    if (ANOTHER.matcher(tail).matches()) {
      return Optional.of("?");
    }
    if (!alone && (lower || ARTICLE.matcher(tail).matches() && "AI".contains(found))) {
      return byText(firstLine(rest));
    }
    return Optional.of(found.toUpperCase(Locale.ROOT));
  }

  private static boolean hasBreak(String rest, String letter) {
    int at = rest.indexOf(letter) + 1;
    while (at < rest.length() && (rest.charAt(at) == ' ' || rest.charAt(at) == '\t')) {
      at++;
    }
    return at >= rest.length() || !Character.isLetterOrDigit(rest.charAt(at));
  }

  private static String firstLine(String text) {
    String stripped = text.strip();
    int end = stripped.indexOf('\n');
    return end < 0 ? stripped : stripped.substring(0, end);
  }

  private Optional<Extracted> boxed(String tail) {
    if (!tail.contains("\\boxed") && !tail.contains("\\fbox") && !tail.contains("<answer>")) {
      return Optional.empty();
    }
    return AnswerExtractor.findStated(tail)
        .filter(found -> !found.rule().equals("answer-phrase"))
        .flatMap(
            found ->
                statedLetter(plain(found.text()))
                    .flatMap(letter -> inOptions(letter, found.rule())));
  }

  private Optional<Extracted> sentences(String text, String whole) {
    TreeSet<String> subjects = new TreeSet<>();
    Matcher subject = SUBJECT.matcher(text);
    int subjectAt = -1;
    while (subject.find()) {
      String letter =
          subject.group(1) != null
              ? subject.group(1)
              : subject.group(2) != null ? subject.group(2) : subject.group(3);
      if (options.letters().contains(letter)) {
        subjects.add(letter);
        subjectAt = subject.start();
      }
    }
    Matcher conclusion = CONCLUSION.matcher(text);
    Optional<String> last = Optional.empty();
    while (conclusion.find()) {
      if (conclusion.start() > subjectAt) {
        last = Optional.of(conclusion.group(1));
      }
    }
    if (last.isPresent()) {
      return inOptions(last.get(), "conclusion");
    }
    if (!subjects.isEmpty()) {
      return subjects.size() == 1 ? inOptions(subjects.first(), "subject") : Optional.empty();
    }
    return bare(text, whole);
  }

  private Optional<Extracted> bare(String text, String whole) {
    Matcher first = BARE_FIRST.matcher(text);
    if (whole.length() <= WINDOW
        && first.find()
        && !BARE_FIRST.matcher(text.substring(first.end())).find()) {
      return inOptions(first.group(1), "bare-letter");
    }
    Matcher last =
        BARE_LAST.matcher(text.strip().substring(Math.max(0, text.strip().length() - 200)));
    if (last.find()) {
      return inOptions(last.group(1).toUpperCase(Locale.ROOT), "bare-letter");
    }
    String line = text.strip();
    return byText(line.substring(line.lastIndexOf('\n') + 1))
        .flatMap(letter -> inOptions(letter, "option-text"));
  }

  /** The one option whose text the line holds. */
  private Optional<String> byText(String line) {
    String normal =
        " " + ExactVerifier.normalized(line.substring(0, Math.min(line.length(), 2_000))) + " ";
    List<Integer> matches = new ArrayList<>();
    for (int index = 0; index < options.texts().size(); index++) {
      String option = ExactVerifier.normalized(options.texts().get(index));
      if (normal.equals(" " + option + " ")) {
        return Optional.of(options.letters().substring(index, index + 1));
      }
      if (!option.isEmpty()
          && Pattern.compile("(?<!\\w)" + Pattern.quote(option) + "(?!\\w)")
              .matcher(normal)
              .find()) {
        matches.add(index);
      }
    }
    return matches.size() == 1
        ? Optional.of(options.letters().substring(matches.get(0), matches.get(0) + 1))
        : Optional.empty();
  }

  private Optional<Extracted> inOptions(String letter, String rule) {
    return options.letters().contains(letter)
        ? Optional.of(new Extracted(letter, rule))
        : Optional.empty();
  }
}
