package io.rephrase.reward.math;

import io.rephrase.reward.math.Expression.Call;
import io.rephrase.reward.math.Expression.Number;
import io.rephrase.reward.math.Expression.PlusMinus;
import io.rephrase.reward.math.Expression.Power;
import io.rephrase.reward.math.Expression.Product;
import io.rephrase.reward.math.Expression.Several;
import io.rephrase.reward.math.Expression.Sum;
import io.rephrase.reward.math.Expression.Symbol;
import io.rephrase.reward.math.Expression.Words;
import io.rephrase.reward.math.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Sums, products, powers, functions and literals, by recursive descent of limited depth. */
final class ScalarParser {

  private static final Map<String, String> CONSTANTS =
      Map.of("infty", "∞", "reals", "ℝ", "ell", "l", "varphi", "phi", "varepsilon", "epsilon");
  private static final Set<String> NOT_FACTORS =
      Set.of("Leftrightarrow", "iff", "ldots", "dots", "cdots", "mapsto", "forall", "exists");

  private static final Set<String> NOTHING =
      Set.of("no solution", "no solutions", "no real solution", "no real solutions", "empty set");

  /** Signs after one value: each is a level of the expression. */
  private static final int MAX_POSTFIX = 3;

  private final TokenStream stream;
  private final StructureParser structures;
  private int openBars;

  ScalarParser(TokenStream stream, StructureParser structures) {
    this.stream = stream;
    this.structures = structures;
  }

  Expression sum() {
    stream.enter();
    List<Expression> terms = new ArrayList<>(List.of(signedTerm()));
    while (true) {
      if (stream.accept("+")) {
        terms.add(signedTerm());
      } else if (stream.accept("-")) {
        terms.add(Expression.negated(signedTerm()));
      } else if (stream.accept("±")) {
        terms.add(new PlusMinus(signedTerm(), 1));
      } else if (stream.accept("∓")) {
        terms.add(new PlusMinus(signedTerm(), -1));
      } else {
        break;
      }
    }
    stream.leave();
    return terms.size() == 1 ? terms.get(0) : new Sum(terms);
  }

  private Expression signedTerm() {
    int sign = 1;
    while (true) {
      if (stream.accept("-")) {
        sign = -sign;
      } else if (stream.accept("±")) {
        return new PlusMinus(term(), sign);
      } else if (!stream.accept("+")) {
        return sign < 0 ? Expression.negated(term()) : term();
      }
    }
  }

  private Expression term() {
    List<Expression> factors = new ArrayList<>(List.of(power()));
    while (true) {
      if (stream.accept("*")) {
        factors.add(signedFactor());
      } else if (stream.accept("/")) {
        factors.add(new Power(signedFactor(), Expression.integer(-1)));
      } else if (startsFactor()) {
        factors.add(power());
      } else {
        return factors.size() == 1 ? factors.get(0) : new Product(factors);
      }
    }
  }

  private Expression signedFactor() {
    return stream.accept("-") ? Expression.negated(power()) : power();
  }

  private boolean startsFactor() {
    Token token = stream.peek();
    return switch (token.kind()) {
      case LETTER -> true;
      case MACRO -> !token.text().startsWith("end:") && !NOT_FACTORS.contains(token.text());
      case SIGN ->
          token.is("(")
              || token.is("{")
              || token.is("⌊")
              || token.is("⌈")
              || token.is("|") && openBars == 0;
      case NUMBER, WORD, END -> false;
    };
  }

  private Expression power() {
    Expression base = postfix(primary());
    if (!stream.accept("^")) {
      return base;
    }
    stream.enter();
    Optional<Expression> degrees = degreesExponent(base);
    Expression result =
        degrees.isPresent() ? withMinutes(degrees.get()) : new Power(base, exponent());
    stream.leave();
    return postfix(result);
  }

  private Expression exponent() {
    boolean negative = false;
    while (stream.accept("-")) {
      negative = !negative;
    }
    stream.accept("+");
    return negative ? Expression.negated(power()) : power();
  }

  private Optional<Expression> degreesExponent(Expression base) {
    int mark = stream.mark();
    boolean group = stream.accept("{");
    boolean ring =
        stream.peek().is("°")
            || stream.peek().kind() == Kind.LETTER && stream.peek().text().equals("o");
    if (ring) {
      stream.next();
    }
    if (ring && (!group || stream.accept("}"))) {
      return Optional.of(new Call("degrees", List.of(base)));
    }
    stream.reset(mark);
    return Optional.empty();
  }

  /** {@code 36° 30'}: minutes of arc are sixtieths. */
  private Expression withMinutes(Expression degrees) {
    if (stream.peek().kind() != Kind.NUMBER || !stream.peek(1).is("'") || stream.peek(2).is("'")) {
      return degrees;
    }
    Rational minutes = Literals.number(stream.next().text()).value();
    stream.expect("'");
    Expression part = new Number(minutes.times(Rational.of(1, 60)), 0);
    return new Call(
        "degrees", List.of(new Sum(List.of(((Call) degrees).arguments().get(0), part))));
  }

  private Expression postfix(Expression value) {
    Expression result = value;
    for (int signs = 0; signs <= MAX_POSTFIX; signs++) {
      if (stream.accept("!")) {
        result = new Call("factorial", List.of(result));
      } else if (stream.accept("%")) {
        result = new Call("percent", List.of(result));
      } else if (stream.accept("°")) {
        result = withMinutes(new Call("degrees", List.of(result)));
      } else {
        return result;
      }
    }
    throw new TokenStream.Failure();
  }

  private Expression primary() {
    Token token = stream.next();
    return switch (token.kind()) {
      case NUMBER -> literal(token.text());
      case LETTER -> symbol(token.text());
      case MACRO -> macro(token.text());
      case WORD -> words(token.text());
      case SIGN -> token.is("(") && isBasedNumber() ? basedNumber() : bracket(token.text());
      case END -> throw new TokenStream.Failure();
    };
  }

  /** {@code (1101)_2}, its bracket read. */
  private boolean isBasedNumber() {
    return stream.peek().kind() == Kind.NUMBER && stream.peek(1).is(")") && stream.peek(2).is("_");
  }

  private Expression basedNumber() {
    String digits = stream.next().text();
    stream.expect(")");
    stream.expect("_");
    return Literals.based(digits, argument());
  }

  private Expression words(String first) {
    StringBuilder text = new StringBuilder(first);
    while (stream.peek().kind() == Kind.WORD) {
      text.append(' ').append(stream.next().text());
    }
    String lower = text.toString().toLowerCase(Locale.ROOT);
    String words = lower.equals("dne") ? "does not exist" : lower;
    return NOTHING.contains(words) ? new Several(List.of(), true) : new Words(words);
  }

  private Expression bracket(String sign) {
    stream.enter();
    int bars = openBars;
    openBars = sign.equals("|") ? bars + 1 : 0;
    Expression result =
        switch (sign) {
          case "(", "[", "⟨" -> structures.bracketed(sign.charAt(0));
          case "⦃" -> structures.set();
          case "{" -> structures.group();
          case "|" -> closed("abs", "|");
          case "⌊" -> closed("floor", "⌋");
          case "⌈" -> closed("ceil", "⌉");
          default -> throw new TokenStream.Failure();
        };
    openBars = bars;
    stream.leave();
    return result;
  }

  private Expression closed(String function, String close) {
    Expression inside = sum();
    stream.expect(close);
    return new Call(function, List.of(inside));
  }

  private Expression literal(String digits) {
    Number number = Literals.number(digits);
    if (stream.peek().is("_")) {
      stream.next();
      return Literals.based(digits, argument());
    }
    if (stream.peek().isMacro("overline") && digits.contains(".")) {
      stream.next();
      return Literals.repeating(digits, period());
    }
    if (!number.value().isInteger() || number.roundedDigits() > 0) {
      return number;
    }
    return mixed(number);
  }

  /** The digits under a bar, leading zeros included. */
  private String period() {
    boolean group = stream.accept("{");
    Token digits = stream.next();
    if (digits.kind() != Kind.NUMBER) {
      throw new TokenStream.Failure();
    }
    if (group) {
      stream.expect("}");
    }
    return digits.text();
  }

  /** {@code 2 1/2} and {@code 2\frac{1}{2}}. */
  private Expression mixed(Number whole) {
    int mark = stream.mark();
    Token next = stream.peek();
    boolean plain =
        next.kind() == Kind.NUMBER
            && next.spaced()
            && stream.peek(1).is("/")
            && stream.peek(2).kind() == Kind.NUMBER;
    if (plain || next.isMacro("frac")) {
      boolean macro = stream.peek().isMacro("frac");
      if (macro) {
        stream.next();
      }
      Expression numerator = macro ? argument() : Literals.number(stream.next().text());
      stream.accept("/");
      Expression denominator = macro ? argument() : Literals.number(stream.next().text());
      if (numerator instanceof Number top
          && denominator instanceof Number bottom
          && top.value().isInteger()
          && bottom.value().isInteger()
          && top.value().signum() > 0
          && top.value().compareTo(bottom.value()) < 0) {
        Rational part = top.value().times(bottom.value().inverse());
        return new Number(whole.value().plus(part), 0);
      }
      stream.reset(mark);
    }
    return whole;
  }

  private Expression symbol(String letter) {
    StringBuilder name = new StringBuilder(letter);
    while (stream.peek().is("_") || stream.peek().is("'")) {
      if (stream.next().text().equals("'")) {
        name.append('\'');
      } else {
        name.append('_').append(argument());
      }
    }
    return new Symbol(name.toString());
  }

  private Expression macro(String name) {
    if (name.startsWith("begin:")) {
      stream.enter();
      Expression matrix = structures.matrix(name.substring(6));
      stream.leave();
      return matrix;
    }
    return switch (name) {
      case "frac" -> Expression.quotient(argument(), argument());
      case "binom", "dbinom", "tbinom" -> new Call("binom", List.of(argument(), argument()));
      case "sqrt" -> root();
      case "cbrt" -> new Power(argument(), new Number(Rational.of(1, 3), 0));
      case "emptyset", "varnothing" -> new Several(List.of(), true);
      case "exp" -> new Power(new Symbol("e"), functionArgument());
      default ->
          Lexer.FUNCTIONS.contains(name)
              ? function(name)
              : symbol(CONSTANTS.getOrDefault(name, name));
    };
  }

  private Expression root() {
    Expression degree = Expression.integer(2);
    if (stream.accept("[")) {
      degree = sum();
      stream.expect("]");
    }
    Expression radicand = argument();
    Expression exponent =
        degree instanceof Number number && !number.value().isZero()
            ? new Number(number.value().inverse(), 0)
            : new Power(degree, Expression.integer(-1));
    return new Power(radicand, exponent);
  }

  private Expression function(String name) {
    List<Expression> arguments = new ArrayList<>();
    if (stream.accept("_")) {
      arguments.add(argument());
    }
    Optional<Expression> exponent = Optional.empty();
    if (stream.accept("^")) {
      exponent = Optional.of(exponentOfFunction());
    }
    Expression argument = functionArgument();
    arguments.addAll(
        argument instanceof Expression.Bracketed several ? several.elements() : List.of(argument));
    boolean inverse = exponent.filter(Expression.integer(-1)::equals).isPresent();
    Expression call = new Call(inverse ? "arc" + name : name, List.copyOf(arguments));
    return exponent.isPresent() && !inverse ? new Power(call, exponent.get()) : call;
  }

  private Expression exponentOfFunction() {
    return stream.accept("-") ? Expression.negated(argument()) : argument();
  }

  private Expression functionArgument() {
    if (stream.peek().is("(") || stream.peek().is("{") || stream.peek().is("|")) {
      return primary();
    }
    stream.enter();
    List<Expression> factors = new ArrayList<>(List.of(power()));
    while (startsFactor() && !Lexer.FUNCTIONS.contains(stream.peek().text())) {
      factors.add(power());
    }
    stream.leave();
    return factors.size() == 1 ? factors.get(0) : new Product(factors);
  }

  /** What a macro takes: a group, or the next sign alone. */
  private Expression argument() {
    stream.enter();
    Token token = stream.peek();
    Expression value =
        token.kind() == Kind.NUMBER ? Literals.number(stream.next().text()) : primary();
    stream.leave();
    return value;
  }
}
