package io.rephrase.reward;

import io.rephrase.data.Verdict;
import io.rephrase.reward.math.AnswerExtractor;
import io.rephrase.reward.math.AnswerExtractor.Extracted;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Text that must be the same but for case, white space, Unicode forms and what dresses it: quotes,
 * markdown, a full stop. Found as mathematical answers are, else on the last line.
 */
public final class ExactVerifier implements Verifier {

  private static final int MAX_LENGTH = 100_000;
  private static final String DRESS = "\"'*_`$";
  private static final String PUNCTUATION = ".,;:!?";
  private static final Pattern TEXT_MACRO =
      Pattern.compile("\\\\(?:text|textbf|mathrm|textit)\\{([^{}]*)\\}");

  @Override
  public String name() {
    return "exact";
  }

  @Override
  public int version() {
    return 2;
  }

  @Override
  public Verdict verify(String completion, String gold) {
    String reference = normalized(gold);
    if (reference.isEmpty()) {
      return Verdicts.unparseableGold();
    }
    Optional<Extracted> answer =
        AnswerExtractor.findStated(completion).or(() -> lastLine(completion));
    if (answer.isEmpty()) {
      return Verdicts.noAnswer();
    }
    Extracted found = answer.get();
    if (isSaid(reference, found.line())) {
      return Verdicts.of(true, found.line(), found.rule());
    }
    return Verdicts.of(isSaid(reference, found.text()), found.text(), found.rule());
  }

  private static boolean isSaid(String reference, String text) {
    return text.length() < MAX_LENGTH && normalized(text).equals(reference);
  }

  @Override
  public boolean same(String answer, String other) {
    return normalized(answer).equals(normalized(other));
  }

  private static Optional<Extracted> lastLine(String completion) {
    String text = AnswerExtractor.afterThinking(completion).orElse("").strip();
    String line = text.substring(text.lastIndexOf('\n') + 1).strip();
    return line.isEmpty() ? Optional.empty() : Optional.of(new Extracted(line, "last-line"));
  }

  static String normalized(String text) {
    String opened = TEXT_MACRO.matcher(text).replaceAll("$1");
    String plain = Normalizer.normalize(opened, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
    String spaced = plain.replaceAll("\\s+", " ");
    int start = 0;
    while (start < spaced.length() && (DRESS + " ").indexOf(spaced.charAt(start)) >= 0) {
      start++;
    }
    int end = spaced.length();
    while (end > start && (DRESS + PUNCTUATION + " ").indexOf(spaced.charAt(end - 1)) >= 0) {
      end--;
    }
    return spaced.substring(start, end);
  }
}
