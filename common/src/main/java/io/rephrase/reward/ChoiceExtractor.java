package io.rephrase.reward;

import io.rephrase.reward.math.AnswerExtractor;
import io.rephrase.reward.math.AnswerExtractor.Extracted;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Finds the option a completion chose: stated, boxed, said in a sentence, bare, or by its text. */
final class ChoiceExtractor {

  private static final int WINDOW = 20_000;
  private static final Pattern FONT =
      Pattern.compile(
          "\\\\(?:text|textbf|textit|mathrm|mathbf|mathit|mathsf|textrm|bf)\\s*\\{([^{}]*)\\}");
  private static final Pattern DRESS = Pattern.compile("\\*\\*|__|`|\\$|\\\\[()\\[\\],;! ]");
  private static final Pattern KEYWORD =
      Pattern.compile(
          "(?:\\banswer[\"”']?|\\b(?:correct|right|best|final)\\s+(?:option|choice)|答案|\\bAntwort|\\brespuesta(?:\\s+correcta)?|\\bréponse(?:\\s+correcte)?)"
              + "\\s*(?:(?:is|would be|must be|should be|ist|es(?:\\s+la)?|est(?:\\s+la)?)\\b|[:=→是为選选]|->|[-–] |\\n)(?:\\s*:)?\\s*(?:therefore\\s*)?(?:the\\s+)?"
              + "(?:(?:correct\\s+)?(?:option|choice|letter|answer)\\s*(?:is)?\\s*:?\\s*)?",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern LETTER =
      Pattern.compile(
          "^[\\s*_\"'“‘(\\[{<\\p{So}\\uFE0F]*(?:(?i:option|choice|letter)\\s*[:#(]?\\s*)?([A-Za-z])(?![A-Za-z0-9'’]|\\s*[\\^+]|_[\\w{]|\\*\\w)[\\s*_\"'”’)\\]}>]*(.*)$",
          Pattern.DOTALL);
  private static final Pattern ANOTHER =
      Pattern.compile(
          "^[\\s,/&]*(?:and|or|,|/|&)\\s*(?:option\\s+)?\\(?[A-J]\\)?(?![A-Za-z]).*",
          Pattern.DOTALL);
  private static final Pattern ARTICLE =
      Pattern.compile("^[a-z]+(?<!\\bbecause|\\bsince|\\bis|\\bas|\\bbased)\\b.*", Pattern.DOTALL);
  private static final Pattern SUBJECT =
      Pattern.compile(
          "(?:(?:option|choice|answer|letter|alternative)\\s+\\(?([A-J])\\)?|\\(([A-J])\\)|(?<![\\w'’])([A-J])\\)?)"
              + "(?:,[^.,\\n]{1,60},)?\\s+(?:is|must be|would be|seems|has to be)\\s+(?:therefore\\s+|thus\\s+|clearly\\s+|definitely\\s+)?"
              + "(?:the\\s+)?(?:correct|right|best|true|answer|only|most\\s+\\w+)\\b"
              + "|(?<![\\w'’])([A-J])\\)?\\s+best\\s+(?:describes|matches|fits|answers|represents|explains|completes)",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern CONCLUSION =
      Pattern.compile(
          "(?<!not |n't |n’t |nnot |never )\\b(?i:is|be|it's|it’s|so|therefore|thus|hence|choose|chose|pick|select|with|"
              + "remains|leaves|left|makes|making|but|for|matches|say|as|to|only|conclude|mark)\\b[,:]?\\s*(?:the\\s+)?"
              + "(?:(?:correct\\s+)?(?:option|choice|letter|answer|alternative)\\s*)?[\\s:]*[(\\[]?([A-J])[)\\]]?"
              + "(?=\\s*(?:[.!\\n]|,\\s+(?:because|since|as|which)\\b|\\s(?:because|since|here)\\b"
              + "|\\s(?:the\\s)?(?:correct|right|best|only)\\b|[:)]\\s|$))");
  private static final Pattern NAMED =
      Pattern.compile(
          "(?<!not )\\b(?:is|choose|pick|select) (?:option )?\\(?([A-J])\\)?, (?!(?:and|or|but|however|though|although|while|whereas|not|nor|if|then|we|so)\\b|\\(?[A-J]\\b)");
  private static final Pattern LAST_OPTION =
      Pattern.compile(
          "(?<!not |n't |n’t |nor |than |over |incorrect |wrong |neither )\\b(?i:option|choice)\\s+\\(?([A-Ja-j])\\)?[\\s.!*]*$");
  private static final Pattern RESTATED =
      Pattern.compile(
          "^\\(?([A-J])[.)]\\s+(?!(?i:is|isn|was|cannot|can|would|seems|does|doesn|[A-J])\\b)\\S");
  private static final Pattern ASIDE =
      Pattern.compile(
          "(?i)\\b(?:rul(?:es?|ed|ing)\\s+out|eliminat|exclud|consider|contradict|reject|dismiss|discard|compare|unlike|look at|check)");
  private static final Pattern BARE_FIRST =
      Pattern.compile("^[\\s(\\[]*([A-J])\\s*(?:[).:\\]]\\s*|\\n|$)");
  private static final Pattern OPTION_LINE = Pattern.compile("(?m)^[ (\\[*]*+[A-J][).:\\]]\\s");
  private static final Pattern DISCUSSED =
      Pattern.compile("^(?:is|isn|was|cannot|can't|can’t|would|seems|doesn|does)\\b");
  private static final Pattern NEGATION =
      Pattern.compile(
          "\\b(?:not|cannot|never|neither|nor|incorrect|wrong|false|unlike)\\b|n['’]t\\b");
  private static final Pattern RETRACTED =
      Pattern.compile(
          "\\bI (?:must |have to )?(?:retract|withdraw)\\b|\\btake (?:it|that) back\\b");
  private static final Pattern ARTICLES = Pattern.compile("^(?:the|an|a) ");
  private static final Pattern BARE_LAST =
      Pattern.compile("(?:^|\\n)[\\s(\\[{*]*(?:(?i:option|choice)\\s+)?([A-Ja-j])[\\s)\\]}.*]*$");

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
    if (stated.isPresent() && !RETRACTED.matcher(stated.get()).find()) {
      Optional<String> letter = statedLetter(stated.get());
      if (letter.isPresent()) {
        return inOptions(letter.get(), "answer-line");
      }
    }
    return boxed(tail).or(() -> sentences(text, after.get()));
  }

  private static String plain(String text) {
    String normal = Normalizer.normalize(text, Normalizer.Form.NFKC);
    return collapsed(DRESS.matcher(FONT.matcher(normal).replaceAll("$1")).replaceAll(""));
  }

  /** Each run of white space as one sign: the patterns then try it once. */
  private static String collapsed(String text) {
    StringBuilder out = new StringBuilder(text.length());
    for (int at = 0; at < text.length(); at++) {
      char c = text.charAt(at);
      int last = out.length() - 1;
      if (!Character.isWhitespace(c)) {
        out.append(c);
      } else if (last < 0 || !Character.isWhitespace(out.charAt(last))) {
        out.append(c == '\n' ? c : ' ');
      } else if (c == '\n') {
        out.setCharAt(last, c);
      }
    }
    return out.toString();
  }

  /** The letter stated; "?" where what stands there is a refusal or several letters. */
  private Optional<String> statedLetter(String rest) {
    Optional<String> whole = byWholeText(firstLine(rest));
    if (whole.isPresent()) {
      return whole;
    }
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
    if (tail.startsWith("/")) {
      return byText(firstLine(rest));
    }
    if (tail.startsWith("=")) {
      return equated(found.toUpperCase(Locale.ROOT), firstLine(tail.substring(1)));
    }
    if (!alone && (lower || ARTICLE.matcher(tail).matches() && "AI".contains(found))) {
      return byText(firstLine(rest));
    }
    return Optional.of(found.toUpperCase(Locale.ROOT));
  }

  /** {@code B = 12} chooses B where that is what B says; else it is a formula. */
  private Optional<String> equated(String letter, String value) {
    int index = options.letters().indexOf(letter);
    boolean known = index >= 0 && index < options.texts().size();
    return known && bareText(value).equals(bareText(options.texts().get(index)))
        ? Optional.of(letter)
        : Optional.of("?");
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
          IntStream.rangeClosed(1, subject.groupCount())
              .mapToObj(subject::group)
              .filter(Objects::nonNull)
              .findFirst()
              .orElseThrow();
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
    if (last.isEmpty() && subjects.isEmpty()) {
      Matcher named = NAMED.matcher(text);
      while (named.find()) {
        last = Optional.of(named.group(1));
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
    boolean listed = OPTION_LINE.matcher(text).results().limit(2).count() == 2;
    if (whole.length() <= WINDOW && !listed && first.find()) {
      String rest = text.substring(first.end());
      if (!BARE_FIRST.matcher(rest).find() && !DISCUSSED.matcher(rest).find()) {
        return inOptions(first.group(1), "bare-letter");
      }
    }
    String stripped = text.strip();
    String end = stripped.substring(Math.max(0, stripped.length() - 200));
    Optional<String> alone = letter(BARE_LAST, end);
    if (alone.isEmpty() && !ASIDE.matcher(lastSentence(end)).find()) {
      alone = letter(LAST_OPTION, end);
    }
    String line = lastLine(stripped);
    if (alone.isEmpty() && listed && OPTION_LINE.matcher(line + " ").find()) {
      return Optional.empty();
    }
    alone = alone.or(() -> letter(RESTATED, line));
    return alone.isPresent()
        ? inOptions(alone.get(), "bare-letter")
        : byText(line).flatMap(letter -> inOptions(letter, "option-text"));
  }

  private static Optional<String> letter(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    return matcher.find()
        ? Optional.of(matcher.group(1).toUpperCase(Locale.ROOT))
        : Optional.empty();
  }

  private static String lastSentence(String text) {
    String line = lastLine(text);
    return line.substring(line.lastIndexOf(". ") + 1);
  }

  private static String lastLine(String text) {
    return text.substring(text.lastIndexOf('\n') + 1);
  }

  /** The option whose text the line is, unless it is a letter itself. */
  private Optional<String> byWholeText(String line) {
    String said = bareText(line);
    if (said.length() == 1 && options.letters().contains(said.toUpperCase(Locale.ROOT))) {
      return Optional.empty();
    }
    for (int index = 0; index < options.texts().size(); index++) {
      if (said.equals(bareText(options.texts().get(index)))) {
        return Optional.of(letter(index));
      }
    }
    return Optional.empty();
  }

  /** The one option whose text the line holds; none where the line denies something. */
  private Optional<String> byText(String line) {
    Optional<String> whole = byWholeText(line);
    if (whole.isPresent()) {
      return whole;
    }
    String said = bareText(line.substring(0, Math.min(line.length(), 2_000)));
    if (NEGATION.matcher(said).find()) {
      return Optional.empty();
    }
    List<Integer> matches = new ArrayList<>();
    for (int index = 0; index < options.texts().size(); index++) {
      if (holds(said, bareText(options.texts().get(index)))) {
        matches.add(index);
      }
    }
    return matches.size() == 1 ? Optional.of(letter(matches.get(0))) : Optional.empty();
  }

  /** An option without letters, a number, may have words beside it but no other number or sign. */
  private static boolean holds(String said, String option) {
    if (option.isEmpty()) {
      return false;
    }
    Matcher found =
        Pattern.compile("(?<![\\w.,/^%\\\\-])" + Pattern.quote(option) + "(?![\\w/^%-]|[.,]\\w)")
            .matcher(said);
    if (!found.find()) {
      return false;
    }
    String others = said.substring(0, found.start()) + said.substring(found.end());
    boolean number = option.chars().noneMatch(Character::isLetter);
    return !number
        || others.chars().noneMatch(c -> Character.isDigit(c) || "+*=<>".indexOf(c) >= 0);
  }

  private static String bareText(String text) {
    return ARTICLES.matcher(ExactVerifier.normalized(text)).replaceFirst("");
  }

  private String letter(int index) {
    return options.letters().substring(index, index + 1);
  }

  private Optional<Extracted> inOptions(String letter, String rule) {
    return options.letters().contains(letter)
        ? Optional.of(new Extracted(letter, rule))
        : Optional.empty();
  }
}
