package io.rephrase.reward.math;

import io.rephrase.reward.math.Token.Kind;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * An answer read from text.
 *
 * @param key its tokens in one spelling; equal keys are equal answers
 * @param whole the whole of it as an expression
 * @param value what comes before a unit or the words that follow a number
 * @param unit the unit or those words, in one spelling; blank without
 * @param damaged whether it looks like mathematics broken off: nothing, open braces, an operator
 *     last
 */
record Answer(
    String key,
    Optional<Expression> whole,
    Optional<Expression> value,
    String unit,
    boolean damaged) {

  private static final int MAX_LENGTH = 10_000;
  private static final Set<String> UNIT_SIGNS = Set.of("/", "^", "{", "}", "*", "-", "°");
  private static final Set<String> NO_UNITS =
      Set.of(
          "is",
          "are",
          "was",
          "not",
          "if",
          "but",
          "wrong",
          "incorrect",
          "when",
          "so",
          "maybe",
          "no",
          "isn",
          "plus",
          "minus",
          "divided",
          "factorial",
          "half",
          "halves",
          "third",
          "thirds",
          "fourths",
          "fifths",
          "sixths",
          "sevenths",
          "eighths",
          "ninths",
          "tenths",
          "hundredths",
          "thousandths");
  private static final Set<String> DANGLING =
      Set.of("+", "-", "*", "/", "^", "_", "=", "<", "≤", ">", "≥");

  /** Reads any text; never throws. */
  static Answer read(String text) {
    if (text.length() > MAX_LENGTH) {
      return new Answer(text.strip(), Optional.empty(), Optional.empty(), "", false);
    }
    String cleaned = LatexCleaner.clean(text);
    List<Token> tokens = Lexer.tokens(cleaned);
    Optional<Expression> whole = parse(tokens);
    int unitStart = unitStart(tokens);
    Optional<Expression> value = Optional.empty();
    String unit = "";
    if (unitStart > 0) {
      List<Token> before = new java.util.ArrayList<>(tokens.subList(0, unitStart));
      before.add(tokens.get(tokens.size() - 1));
      value = parse(before);
      unit = Units.canonical(joined(tokens.subList(unitStart, tokens.size() - 1)));
    }
    boolean damaged = whole.isEmpty() && value.isEmpty() && isDamaged(tokens);
    return new Answer(key(tokens), whole, value, unit, damaged);
  }

  private static Optional<Expression> parse(List<Token> tokens) {
    try {
      return Optional.of(StructureParser.parse(tokens));
    } catch (TokenStream.Failure notAnExpression) {
      return Optional.empty();
    }
  }

  private static boolean isDamaged(List<Token> tokens) {
    int open = 0;
    boolean content = false;
    for (Token token : tokens) {
      open += token.is("{") || token.is("⦃") ? 1 : token.is("}") || token.is("⦄") ? -1 : 0;
      content |= token.kind() != Kind.SIGN && token.kind() != Kind.END;
    }
    boolean dangling = tokens.size() > 1 && DANGLING.contains(tokens.get(tokens.size() - 2).text());
    return open != 0 || !content || dangling;
  }

  private static int unitStart(List<Token> tokens) {
    int end = tokens.size() - 1;
    for (int at = 1; at < end; at++) {
      if (beginsUnit(tokens, at)) {
        return isUnit(tokens.subList(at, end)) ? at : -1;
      }
    }
    return -1;
  }

  private static boolean beginsUnit(List<Token> tokens, int at) {
    Token token = tokens.get(at);
    Token before = tokens.get(at - 1);
    boolean afterValue =
        before.kind() == Kind.NUMBER
            || before.is("}")
            || before.is(")")
            || before.is("°")
            || before.isMacro("pi");
    if (!afterValue) {
      return token.kind() == Kind.WORD && before.kind() == Kind.LETTER && isUnitWord(token);
    }
    return token.kind() == Kind.WORD
        || token.isMacro("min")
        || token.spaced()
            && before.kind() == Kind.NUMBER
            && (token.isMacro("Omega") || token.isMacro("mu"))
        || token.is("°") && tokens.get(at + 1).kind() == Kind.LETTER
        || before.is("°") && "CFK".contains(token.text()) && token.kind() == Kind.LETTER
        || token.spaced()
            && before.kind() == Kind.NUMBER
            && token.isMacro("frac")
            && !startsNumber(tokens, at + 1)
        || token.spaced()
            && (before.kind() == Kind.NUMBER || before.is("}"))
            && Units.isUnitLetter(token.text())
            && tokens.subList(0, at).stream().noneMatch(t -> t.kind() == Kind.LETTER);
  }

  private static boolean isUnitWord(Token token) {
    return Units.isUnit(token.text());
  }

  /** Whether a number stands at or just after {@code at}, as in a group that begins with one. */
  private static boolean startsNumber(List<Token> tokens, int at) {
    return tokens.subList(at, Math.min(at + 2, tokens.size())).stream()
        .anyMatch(token -> token.kind() == Kind.NUMBER);
  }

  private static boolean isUnit(List<Token> tokens) {
    boolean words = tokens.stream().anyMatch(token -> token.kind() == Kind.WORD);
    Token previous = tokens.get(0);
    for (Token token : tokens) {
      boolean fits =
          switch (token.kind()) {
            case WORD -> !NO_UNITS.contains(token.text().toLowerCase(Locale.ROOT));
            case LETTER -> words || Units.isUnitLetter(token.text());
            case MACRO -> Set.of("min", "frac", "mu", "Omega").contains(token.text());
            case SIGN ->
                UNIT_SIGNS.contains(token.text()) || words && "().'-".contains(token.text());
            case NUMBER ->
                previous.is("^")
                    || previous.is("{")
                    || previous.is("-")
                    || previous.kind() == Kind.LETTER;
            case END -> true;
          };
      if (!fits) {
        return false;
      }
      previous = token;
    }
    return true;
  }

  private static String joined(List<Token> tokens) {
    StringBuilder out = new StringBuilder();
    tokens.forEach(token -> out.append(token.spaced() ? " " : "").append(token.text()));
    return out.toString().strip();
  }

  private static String key(List<Token> tokens) {
    StringBuilder out = new StringBuilder();
    for (Token token : tokens) {
      if (!token.is("\"")) {
        boolean word = token.kind() == Kind.WORD;
        out.append(word ? token.text().toLowerCase(Locale.ROOT) : token.text()).append(' ');
      }
    }
    return out.toString().strip();
  }
}
