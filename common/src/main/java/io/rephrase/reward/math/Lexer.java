package io.rephrase.reward.math;

import io.rephrase.reward.math.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Splits a cleaned answer into tokens; linear in its length. */
final class Lexer {

  static final Set<String> FUNCTIONS =
      Set.of(
          "sin", "cos", "tan", "cot", "sec", "csc", "arcsin", "arccos", "arctan", "asin", "acos",
          "atan", "sinh", "cosh", "tanh", "log", "ln", "lg", "exp", "gcd", "lcm", "max", "min",
          "abs", "sqrt", "cbrt", "floor", "ceil", "Re", "Im");

  private static final Map<String, String> SIGN_MACROS =
      Map.ofEntries(
          Map.entry("cdot", "*"),
          Map.entry("times", "*"),
          Map.entry("ast", "*"),
          Map.entry("div", "/"),
          Map.entry("pm", "±"),
          Map.entry("mp", "∓"),
          Map.entry("le", "≤"),
          Map.entry("leq", "≤"),
          Map.entry("leqslant", "≤"),
          Map.entry("ge", "≥"),
          Map.entry("geq", "≥"),
          Map.entry("geqslant", "≥"),
          Map.entry("lt", "<"),
          Map.entry("gt", ">"),
          Map.entry("ne", "≠"),
          Map.entry("neq", "≠"),
          Map.entry("in", "∈"),
          Map.entry("cup", "∪"),
          Map.entry("bigcup", "∪"),
          Map.entry("cap", "∩"),
          Map.entry("circ", "°"),
          Map.entry("degree", "°"),
          Map.entry("{", "⦃"),
          Map.entry("lbrace", "⦃"),
          Map.entry("rbrace", "⦄"),
          Map.entry("}", "⦄"),
          Map.entry("langle", "⟨"),
          Map.entry("rangle", "⟩"),
          Map.entry("lfloor", "⌊"),
          Map.entry("rfloor", "⌋"),
          Map.entry("lceil", "⌈"),
          Map.entry("rceil", "⌉"),
          Map.entry("vert", "|"),
          Map.entry("lvert", "|"),
          Map.entry("rvert", "|"),
          Map.entry("|", "|"),
          Map.entry("colon", ":"),
          Map.entry("\\", "↵"),
          Map.entry("cr", "↵"),
          Map.entry("approx", "="),
          Map.entry("equiv", "="),
          Map.entry("implies", "⇒"),
          Map.entry("Rightarrow", "⇒"),
          Map.entry("lor", ","),
          Map.entry("vee", ","),
          Map.entry("land", ","),
          Map.entry("wedge", ","),
          Map.entry("to", "→"),
          Map.entry("setminus", "∖"),
          Map.entry("mid", "|"),
          Map.entry("lbrack", "["),
          Map.entry("rbrack", "]"),
          Map.entry("backslash", "∖"));
  private static final Set<String> SMALL_WORDS =
      Set.of(
          "is", "to", "of", "no", "it", "we", "as", "at", "by", "if", "on", "so", "up", "am", "pm");
  private static final Map<String, String> SCALES =
      Map.of(
          "hundred", "100",
          "thousand", "1000",
          "million", "1000000",
          "billion", "1000000000",
          "trillion", "1000000000000");
  private static final List<String> NUMBER_WORDS =
      List.of(
          "zero",
          "one",
          "two",
          "three",
          "four",
          "five",
          "six",
          "seven",
          "eight",
          "nine",
          "ten",
          "eleven",
          "twelve",
          "thirteen",
          "fourteen",
          "fifteen",
          "sixteen",
          "seventeen",
          "eighteen",
          "nineteen",
          "twenty");
  private static final Pattern NUMBER = Pattern.compile("\\d+(?:\\.\\d+|\\.(?!\\d))?|\\.\\d+");
  private static final Pattern GROUPED =
      Pattern.compile("\\d{1,3}(?:,\\d{3})+(?:\\.\\d+)?(?![\\d]|,\\d)");
  private static final Pattern EXPONENT = Pattern.compile("[eE][+-]?\\d{1,7}(?![\\d.A-Za-z])");

  private final String text;
  private final List<Token> tokens = new ArrayList<>();
  private int at;
  private int brackets;
  private boolean spaced;
  private boolean unitFraction;

  private Lexer(String text) {
    this.text = text;
  }

  /** The tokens of a cleaned answer, closed by {@link Kind#END}. */
  static List<Token> tokens(String cleaned) {
    Lexer lexer = new Lexer(cleaned);
    while (lexer.at < cleaned.length()) {
      lexer.next();
    }
    lexer.add(Kind.END, "");
    return lexer.tokens;
  }

  private void add(Kind kind, String token) {
    tokens.add(new Token(kind, token, spaced));
    spaced = false;
    if (kind == Kind.SIGN) {
      brackets += "([⦃".contains(token) ? 1 : ")]⦄".contains(token) ? -1 : 0;
    }
  }

  private void next() {
    char c = text.charAt(at);
    if (Character.isWhitespace(c)) {
      spaced = true;
      at++;
    } else if (isDigit(c) || c == '.' && at + 1 < text.length() && isDigit(text.charAt(at + 1))) {
      number();
    } else if (LatexCleaner.isLetter(c)) {
      word();
    } else if (c == '\\') {
      macro();
    } else if (Character.isLetter(c)) {
      int start = at;
      while (at < text.length() && Character.isLetter(text.charAt(at))) {
        at++;
      }
      add(at - start == 1 ? Kind.LETTER : Kind.WORD, text.substring(start, at));
    } else {
      comparisonOrSign(c);
    }
  }

  private void comparisonOrSign(char c) {
    String two = at + 1 < text.length() ? text.substring(at, at + 2) : "";
    String sign =
        switch (two) {
          case "<=" -> "≤";
          case ">=" -> "≥";
          case "!=" -> "≠";
          case "==" -> "=";
          case "=>" -> "⇒";
          case "->" -> "→";
          default -> "";
        };
    at += sign.isEmpty() ? 1 : 2;
    add(Kind.SIGN, sign.isEmpty() ? String.valueOf(c) : sign);
  }

  private void number() {
    Matcher grouped = GROUPED.matcher(text).region(at, text.length());
    Matcher plain = NUMBER.matcher(text).region(at, text.length());
    boolean single = isDigit(text.charAt(at)) && !tokens.isEmpty() && bareFractionArgument();
    String digits;
    if (single) {
      digits = text.substring(at, at + 1);
    } else if (brackets <= 0 && grouped.lookingAt()) {
      digits = grouped.group();
    } else {
      digits = plain.lookingAt() ? plain.group() : text.substring(at, at + 1);
    }
    at += digits.length();
    Matcher exponent = EXPONENT.matcher(text).region(at, text.length());
    if (!single && exponent.lookingAt()) {
      digits += exponent.group();
      at = exponent.end();
    }
    add(Kind.NUMBER, digits.replace(",", ""));
  }

  /** In {@code \frac12} each argument is one digit. */
  private boolean bareFractionArgument() {
    int last = tokens.size() - 1;
    Token before = tokens.get(last);
    if (before.isMacro("frac")) {
      return true;
    }
    return before.kind() == Kind.NUMBER
        && before.text().length() == 1
        && !spaced
        && last > 0
        && tokens.get(last - 1).isMacro("frac");
  }

  private void word() {
    int start = at;
    while (at < text.length() && LatexCleaner.isLetter(text.charAt(at))) {
      at++;
    }
    String word = text.substring(start, at);
    String lower = word.toLowerCase(Locale.ROOT);
    if (word.length() == 1) {
      add(Kind.LETTER, word);
    } else if (lower.equals("and") || lower.equals("or")) {
      add(Kind.SIGN, ",");
    } else if (lower.equals("sec") && follows(Kind.NUMBER) && endsHere()) {
      add(Kind.WORD, word);
    } else if (FUNCTIONS.contains(lower)) {
      add(Kind.MACRO, lower);
    } else if (lower.equals("pi")) {
      add(Kind.MACRO, "pi");
    } else if (lower.equals("inf") || lower.equals("infty") || lower.equals("infinity")) {
      add(Kind.MACRO, "infty");
    } else if (lower.equals("percent")) {
      add(Kind.SIGN, "%");
    } else if (lower.equals("degrees") || lower.equals("degree")) {
      add(Kind.SIGN, "°");
    } else if (word.length() > 3 && functionPrefix(lower) > 0) {
      int prefix = functionPrefix(lower);
      add(Kind.MACRO, lower.substring(0, prefix));
      add(Kind.LETTER, word.substring(prefix));
    } else if (SCALES.containsKey(lower) && follows(Kind.NUMBER)) {
      add(Kind.SIGN, "*");
      add(Kind.NUMBER, SCALES.get(lower));
    } else if (NUMBER_WORDS.contains(lower) && isSubscript()) {
      add(Kind.NUMBER, Integer.toString(NUMBER_WORDS.indexOf(lower)));
    } else if (lower.equals("to") && follows(Kind.NUMBER) && isDigit(nextSign())) {
      add(Kind.SIGN, ":");
    } else if (isProduct(word)) {
      word.chars().forEach(letter -> add(Kind.LETTER, String.valueOf((char) letter)));
    } else {
      add(Kind.WORD, word);
    }
  }

  private boolean follows(Kind kind) {
    return !tokens.isEmpty() && tokens.get(tokens.size() - 1).kind() == kind;
  }

  /** Whether this stands in {@code _{two}}, a base. */
  private boolean isSubscript() {
    int last = tokens.size() - 1;
    return last > 0 && tokens.get(last).is("{") && tokens.get(last - 1).is("_");
  }

  private char nextSign() {
    int next = LatexCleaner.skipSpaces(text, at);
    return next < text.length() ? text.charAt(next) : ' ';
  }

  private boolean endsHere() {
    return text.substring(at).isBlank() || text.charAt(at) == '.' || text.charAt(at) == ',';
  }

  /** Whether a factor begins here, so that {@code mg} is a product and no unit. */
  private boolean opens() {
    return !unitFraction
        && !tokens.isEmpty()
        && "{([+-^_=".contains(tokens.get(tokens.size() - 1).text());
  }

  private static int functionPrefix(String word) {
    String head = word.substring(0, word.length() - 1);
    return Set.of("sin", "cos", "tan", "log", "cot", "sec", "csc").contains(head)
            && !word.equals("secs")
        ? head.length()
        : 0;
  }

  private boolean isProduct(String word) {
    boolean unit = Units.isUnit(word) && !opens();
    if (unit || SMALL_WORDS.contains(word.toLowerCase(Locale.ROOT))) {
      return false;
    }
    boolean vowelInside = word.substring(1).chars().anyMatch(c -> "aeiouAEIOU".indexOf(c) >= 0);
    return word.length() == 2 || word.length() == 3 && !vowelInside;
  }

  private void macro() {
    int end = at + 1;
    while (end < text.length() && LatexCleaner.isLetter(text.charAt(end))) {
      end++;
    }
    if (end == at + 1) {
      end = Math.min(text.length(), at + 2);
    }
    String name = text.substring(at + 1, end);
    at = end;
    if (name.equals("begin") || name.equals("end")) {
      environment(name);
    } else if (SIGN_MACROS.containsKey(name)) {
      add(Kind.SIGN, SIGN_MACROS.get(name));
    } else {
      // 9.8 \frac{cm}{s}: from here on there are units
      unitFraction |= name.endsWith("frac") && spaced && follows(Kind.NUMBER);
      add(Kind.MACRO, name.endsWith("frac") ? "frac" : name);
    }
  }

  private void environment(String name) {
    int close = text.indexOf('}', at);
    if (at >= text.length() || text.charAt(at) != '{' || close < 0) {
      add(Kind.SIGN, "?");
      return;
    }
    String environment = text.substring(at + 1, close);
    at = close + 1;
    if (name.equals("begin") && environment.equals("array") && text.startsWith("{", at)) {
      close = text.indexOf('}', at);
      at = close < 0 ? text.length() : close + 1;
    }
    add(Kind.MACRO, name + ":" + environment);
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
