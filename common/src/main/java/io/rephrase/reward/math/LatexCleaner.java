package io.rephrase.reward.math;

import java.text.Normalizer;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Rewrites an answer into the small LaTeX that {@link Lexer} reads: Unicode signs become macros,
 * fonts, spacing and dollars go, text macros are opened. One pass each, linear in the text.
 */
final class LatexCleaner {

  private static final String SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ";
  private static final String SUPERSCRIPT_VALUES = "0123456789+-n";
  private static final String SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉";
  private static final Map<Character, String> SIGNS =
      Map.ofEntries(
          Map.entry('−', "-"),
          Map.entry('–', "-"),
          Map.entry('—', "-"),
          Map.entry('﹣', "-"),
          Map.entry('‐', "-"),
          Map.entry('‑', "-"),
          Map.entry('×', "\\times "),
          Map.entry('⋅', "\\cdot "),
          Map.entry('·', "\\cdot "),
          Map.entry('∙', "\\cdot "),
          Map.entry('÷', "\\div "),
          Map.entry('√', "\\sqrt "),
          Map.entry('∛', "\\sqrt[3]"),
          Map.entry('π', "\\pi "),
          Map.entry('∞', "\\infty "),
          Map.entry('≤', "\\le "),
          Map.entry('≥', "\\ge "),
          Map.entry('≠', "\\ne "),
          Map.entry('∈', "\\in "),
          Map.entry('∪', "\\cup "),
          Map.entry('∩', "\\cap "),
          Map.entry('±', "\\pm "),
          Map.entry('∓', "\\mp "),
          Map.entry('°', "\\circ "),
          Map.entry('º', "\\circ "),
          Map.entry('ℝ', "\\reals "),
          Map.entry('∅', "\\emptyset "),
          Map.entry('½', "\\frac{1}{2}"),
          Map.entry('⅓', "\\frac{1}{3}"),
          Map.entry('⅔', "\\frac{2}{3}"),
          Map.entry('¼', "\\frac{1}{4}"),
          Map.entry('¾', "\\frac{3}{4}"),
          Map.entry('⅕', "\\frac{1}{5}"),
          Map.entry('⅖', "\\frac{2}{5}"),
          Map.entry('⅗', "\\frac{3}{5}"),
          Map.entry('⅘', "\\frac{4}{5}"),
          Map.entry('⅙', "\\frac{1}{6}"),
          Map.entry('⅚', "\\frac{5}{6}"),
          Map.entry('⅛', "\\frac{1}{8}"),
          Map.entry('⅜', "\\frac{3}{8}"),
          Map.entry('⅝', "\\frac{5}{8}"),
          Map.entry('⅞', "\\frac{7}{8}"),
          Map.entry('⁄', "/"),
          Map.entry('∕', "/"),
          Map.entry('∗', "*"),
          Map.entry('€', ""),
          Map.entry('£', ""),
          Map.entry('¥', ""),
          Map.entry('₹', ""),
          Map.entry('⟨', "\\langle "),
          Map.entry('⟩', "\\rangle "),
          Map.entry('θ', "\\theta "),
          Map.entry('α', "\\alpha "),
          Map.entry('β', "\\beta "),
          Map.entry('′', "'"),
          Map.entry('’', "'"),
          Map.entry('“', ""),
          Map.entry('”', ""),
          Map.entry('≈', "\\approx "),
          Map.entry('‖', "|"),
          Map.entry('∶', ":"),
          Map.entry('µ', "\\mu "),
          Map.entry('，', ","),
          Map.entry('、', ","));

  private static final Set<String> OPENED =
      Set.of(
          "text",
          "textbf",
          "textit",
          "textrm",
          "textsf",
          "texttt",
          "textnormal",
          "textup",
          "mbox",
          "hbox",
          "mathrm",
          "mathbf",
          "mathit",
          "mathsf",
          "mathtt",
          "mathnormal",
          "boldsymbol",
          "bm",
          "operatorname",
          "emph",
          "underline",
          "boxed",
          "fbox",
          "ensuremath",
          "bold",
          "mathcal",
          "vec",
          "hat",
          "bar",
          "framebox",
          "mathop",
          "mathbin",
          "mathrel",
          "uline",
          "textsc",
          "overrightarrow",
          "displaylines",
          "mathord",
          "unit",
          "si");
  private static final Set<String> DROPPED =
      Set.of(
          "left",
          "right",
          "big",
          "Big",
          "bigg",
          "Bigg",
          "bigl",
          "bigr",
          "Bigl",
          "Bigr",
          "biggl",
          "biggr",
          "Biggl",
          "Biggr",
          "middle",
          "displaystyle",
          "textstyle",
          "scriptstyle",
          "limits",
          "nolimits",
          "rm",
          "bf",
          "it",
          "bfseries",
          "itshape",
          "null",
          "strut",
          "mathstrut",
          "allowbreak",
          "nobreak",
          "relax",
          "pounds",
          "euro",
          "textdollar",
          "textsterling",
          "dollar",
          "centering",
          "large",
          "Large",
          "small",
          "normalsize");
  private static final Set<String> SPACES =
      Set.of("quad", "qquad", "space", "thinspace", "enspace", "nobreakspace", "hfill", "newline");
  private static final Set<String> DROPPED_WITH_ARGUMENT =
      Set.of(
          "hspace", "vspace", "color", "label", "tag", "phantom", "hphantom", "vphantom", "kern");
  private static final Set<String> ARROWS = Set.of("vec", "overrightarrow");
  private static final Pattern MODULUS = Pattern.compile("\\\\p?mod\\s*\\{([^{}]*)\\}");
  private static final Pattern BETWEEN_POINTS = Pattern.compile("\\{\\s*([A-Z])\\s*([A-Z])\\s*\\}");
  private static final Pattern LINES =
      Pattern.compile("\\\\(?:begin|end)\\{(?:align|aligned|gathered|split|equation)\\*?\\}");
  private static final Pattern DIGIT_GROUPS =
      Pattern.compile("(?<![\\d.])\\d{1,3}(?: \\d{3})+(?![\\d/])(?! ?\\d)");
  private static final Pattern LATEX_THOUSANDS = Pattern.compile("(?<=\\d)\\{,\\}\\s*(?=\\d{3})");
  private static final Pattern MARKDOWN_POWER = Pattern.compile("(?<=[\\w)])\\*\\*(?=[\\w(-])");
  private static final Pattern OVER = Pattern.compile("\\{([^{}]*)\\\\over\\b([^{}]*)\\}");
  private static final Pattern TIMES =
      Pattern.compile("(?<=\\d)\\s?[xX]\\s?(?=10\\s?\\^)|(?<=\\d) [xX] (?=\\d)");
  private static final Pattern DAY_HALF = Pattern.compile("\\b([ap])\\.\\s?m\\b\\.?");
  private static final Pattern LEAD =
      Pattern.compile(
          "^(?:(?:so|thus|hence|therefore)[, ]+)?(?:the )?(?:final |correct )?answer(?: is|:|=)\\s*[:=]?"
              + "|^(?:USD|EUR|GBP|approximately|about|exactly|is|equals|only)\\b|^(?:an?|the) (?=[a-z]{3,})(?!and\\b)|^[=:]+|^\\\\approx\\b",
          Pattern.CASE_INSENSITIVE);

  private LatexCleaner() {}

  /** The answer without dress; what is left is for {@link Lexer}. */
  static String clean(String answer) {
    String lines = withoutEnvironmentOfLines(answer);
    String text = openMacros(Normalizer.normalize(replaceSigns(lines), Normalizer.Form.NFKC));
    text = LATEX_THOUSANDS.matcher(text).replaceAll("");
    text = MARKDOWN_POWER.matcher(text).replaceAll("^").replace("**", "").replace("`", "");
    text = MODULUS.matcher(text).replaceAll("\\\\pmod $1");
    text = OVER.matcher(text).replaceAll("\\\\frac{$1}{$2}");
    text = TIMES.matcher(text).replaceAll("\\\\times ");
    text = DAY_HALF.matcher(text).replaceAll("$1m");
    text = trim(text.replaceAll("\\s+", " "));
    text = DIGIT_GROUPS.matcher(text).replaceAll(match -> match.group().replace(" ", ""));
    return trim(LEAD.matcher(text).replaceFirst(""));
  }

  /** Lines of an aligned environment as elements of a list. */
  private static String withoutEnvironmentOfLines(String answer) {
    if (!answer.contains("\\begin{") || !LINES.matcher(answer).find()) {
      return answer;
    }
    return LINES.matcher(answer).replaceAll(" ").replace("\\\\", ", ").replace("&", "");
  }

  private static String trim(String text) {
    String trimmed = text.strip();
    int end = trimmed.length();
    while (end > 0 && isTrailing(trimmed, end)) {
      end--;
    }
    return trimmed.substring(0, end).strip();
  }

  private static boolean isTrailing(String text, int end) {
    char last = text.charAt(end - 1);
    if (last == '\\') {
      return end < 2 || text.charAt(end - 2) != '\\' || end == 2;
    }
    return ".,;:?\"".indexOf(last) >= 0 || Character.isWhitespace(last);
  }

  private static String replaceSigns(String answer) {
    StringBuilder out = new StringBuilder(answer.length() + 16);
    for (int at = 0; at < answer.length(); at++) {
      char c = answer.charAt(at);
      int superscript = SUPERSCRIPTS.indexOf(c);
      if (superscript >= 0) {
        out.append("^{");
        for (; at < answer.length() && SUPERSCRIPTS.indexOf(answer.charAt(at)) >= 0; at++) {
          out.append(SUPERSCRIPT_VALUES.charAt(SUPERSCRIPTS.indexOf(answer.charAt(at))));
        }
        out.append('}');
        at--;
      } else if (SUBSCRIPTS.indexOf(c) >= 0) {
        out.append("_{");
        for (; at < answer.length() && SUBSCRIPTS.indexOf(answer.charAt(at)) >= 0; at++) {
          out.append(SUBSCRIPTS.indexOf(answer.charAt(at)));
        }
        out.append('}');
        at--;
      } else if (SIGNS.containsKey(c)) {
        out.append(SIGNS.get(c));
      } else if (!isInvisible(c)) {
        out.append(Character.isSpaceChar(c) || Character.isWhitespace(c) ? ' ' : c);
      }
    }
    return out.toString();
  }

  private static boolean isInvisible(char c) {
    int type = Character.getType(c);
    return c == '\uFFFD'
        || type == Character.FORMAT
        || type == Character.UNASSIGNED
        || type == Character.SURROGATE
        || (type == Character.CONTROL && !Character.isWhitespace(c));
  }

  private static String openMacros(String text) {
    StringBuilder out = new StringBuilder(text.length() + 16);
    java.util.BitSet opened = new java.util.BitSet();
    int depth = 0;
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '\\') {
        int end = macroEnd(text, at);
        String name = text.substring(at + 1, end);
        int next = skipSpaces(text, end);
        boolean group = next < text.length() && text.charAt(next) == '{';
        Optional<Matcher> points = betweenPoints(name, text, next);
        if (points.isPresent()) {
          out.append("\\vec")
              .append(points.get().group(1))
              .append(points.get().group(2))
              .append(' ');
          end = points.get().end();
        } else if (OPENED.contains(name)) {
          out.append(name.startsWith("text") || name.equals("mbox") ? " " : "");
          if (group) {
            opened.set(depth++);
            end = next + 1;
          }
        } else if (DROPPED_WITH_ARGUMENT.contains(name)) {
          int close = group ? text.indexOf('}', next) : -1;
          end = close < 0 ? end : close + 1;
        } else {
          end += appendMacro(out, name, text, end);
        }
        at = end;
      } else if (c == '{') {
        opened.clear(depth++);
        out.append(c);
        at++;
      } else if (c == '}') {
        depth = Math.max(0, depth - 1);
        boolean drop = opened.get(depth);
        opened.clear(depth);
        out.append(drop ? "" : "}");
        at++;
      } else {
        out.append(c == '$' ? "" : c == '~' ? " " : String.valueOf(c));
        at++;
      }
    }
    return out.toString();
  }

  /** The points of a directed segment, {@code \\vec{AB}}, whose order counts. */
  private static Optional<Matcher> betweenPoints(String name, String text, int at) {
    return ARROWS.contains(name)
        ? Optional.of(BETWEEN_POINTS.matcher(text).region(at, text.length()))
            .filter(Matcher::lookingAt)
        : Optional.empty();
  }

  /** Appends what is left of a macro; returns how many characters after it are swallowed. */
  private static int appendMacro(StringBuilder out, String name, String text, int end) {
    if (DROPPED.contains(name)) {
      boolean emptyDelimiter =
          (name.equals("left") || name.equals("right")) && text.startsWith(".", end);
      return emptyDelimiter ? 1 : 0;
    }
    if (SPACES.contains(name) || ",;: >".contains(name) && !name.isEmpty()) {
      out.append(' ');
    } else if (name.equals("%")) {
      out.append('%');
    } else if (name.equals("mathbb") && text.startsWith("{R}", end)) {
      out.append("\\reals ");
      return 3;
    } else if (!("!$()[]/\"".contains(name) && !name.isEmpty())) {
      out.append('\\').append(name);
    }
    return 0;
  }

  private static int macroEnd(String text, int at) {
    int end = at + 1;
    while (end < text.length() && isLetter(text.charAt(end))) {
      end++;
    }
    return end == at + 1 ? Math.min(text.length(), at + 2) : end;
  }

  static int skipSpaces(String text, int from) {
    int at = from;
    while (at < text.length() && text.charAt(at) == ' ') {
      at++;
    }
    return at;
  }

  static boolean isLetter(char c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
  }
}
