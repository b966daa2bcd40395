package io.rephrase.contamination;

import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A text as the words that it is compared by, so that typesetting makes no difference:
 *
 * <ul>
 *   <li>characters in Unicode's form NFKC, letters in lower case
 *   <li>a number is a word, without separators of thousands; so is each sign of arithmetic or
 *       comparison, whichever way it is written ({@code −}, {@code \times}, {@code ²})
 *   <li>a run of letters is a word; of scripts without spaces each character is
 *   <li>other punctuation is dropped, and so are LaTeX's dollars, spaces and styles; {@code \frac}
 *       is the word {@code frac}. Apostrophes and hyphens within words do not split or count
 * </ul>
 *
 * Stateless.
 */
public final class TextNormalizer {

  /** Changes with the words of any text: only rows of one version can be compared. */
  public static final String VERSION = "words-1";

  private static final Pattern SUPERSCRIPT =
      Pattern.compile("[\u2070\u00b9\u00b2\u00b3\u2074-\u2079]+");
  private static final Pattern THOUSANDS =
      Pattern.compile("(?<=\\p{Nd})(?:,\\\\!|\\{,}|,)(?=\\p{Nd}{3}(?!\\p{Nd}))");
  private static final Pattern LAYOUT =
      Pattern.compile(
          "\\\\(?:left|right|quad|qquad|displaystyle|text|textbf|textit|mathrm|mathbf|mbox)(?![a-z])"
              + "|\\\\[,;:!> ()\\[\\]\\\\]|[$~]");
  private static final Pattern FRACTION = Pattern.compile("\\\\[dtc]frac(?![a-z])");
  private static final Pattern MINUS = Pattern.compile("[\u2010-\u2013\u2212]");
  private static final Pattern TIMES = Pattern.compile("[×·⋅∗]|\\\\(?:times|cdot|ast)(?![a-z])");
  private static final Pattern DIVIDED = Pattern.compile("[÷⁄∕]|\\\\div(?![a-z])");
  private static final Pattern AT_MOST = Pattern.compile("\\\\leq?(?![a-z])");
  private static final Pattern AT_LEAST = Pattern.compile("\\\\geq?(?![a-z])");
  private static final Pattern UNEQUAL = Pattern.compile("\\\\neq?(?![a-z])");
  private static final Pattern APOSTROPHE = Pattern.compile("(?<=\\p{L})['’](?=\\p{L})");
  // x-y is a difference, well-known is not.
  private static final Pattern HYPHEN = Pattern.compile("(?<=\\p{L}{2})-(?=\\p{L}{2})");
  private static final String UNSPACED = "\\p{IsHan}\\p{IsHiragana}\\p{IsKatakana}";
  private static final Pattern WORD =
      Pattern.compile(
          "\\p{Nd}+(?:\\.\\p{Nd}+)?|["
              + UNSPACED
              + "]|[\\p{L}\\p{M}&&[^"
              + UNSPACED
              + "]]+|[-*/^%]|[\\p{Sm}&&[^|]]");

  private TextNormalizer() {}

  /** The words of a text, in order; none where it has neither letter, number nor sign. */
  public static List<String> words(String text) {
    String raised = SUPERSCRIPT.matcher(text).replaceAll("^$0");
    String plain = Normalizer.normalize(raised, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
    return WORD.matcher(joined(signs(withoutLayout(plain))))
        .results()
        .map(MatchResult::group)
        .toList();
  }

  private static String withoutLayout(String text) {
    String numbers = THOUSANDS.matcher(text).replaceAll("");
    return FRACTION.matcher(LAYOUT.matcher(numbers).replaceAll(" ")).replaceAll("\\\\frac");
  }

  private static String signs(String text) {
    String signed = MINUS.matcher(text).replaceAll("-");
    signed = TIMES.matcher(signed).replaceAll("*");
    signed = DIVIDED.matcher(signed).replaceAll("/");
    signed = AT_MOST.matcher(signed).replaceAll("≤");
    signed = AT_LEAST.matcher(signed).replaceAll("≥");
    return UNEQUAL.matcher(signed).replaceAll("≠");
  }

  private static String joined(String text) {
    return HYPHEN.matcher(APOSTROPHE.matcher(text).replaceAll("")).replaceAll(" ");
  }
}
