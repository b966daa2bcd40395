package io.rephrase.reward.math;

import io.rephrase.reward.math.Expression.Bracketed;
import io.rephrase.reward.math.Expression.Matrix;
import io.rephrase.reward.math.Expression.Relation;
import io.rephrase.reward.math.Expression.Several;
import io.rephrase.reward.math.Expression.Symbol;
import io.rephrase.reward.math.Expression.Union;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Lists, relations, unions, brackets and matrices; what is inside them is for scalars. */
final class StructureParser {

  private static final Set<String> RELATIONS = Set.of("=", "≠", "<", ">", "≤", "≥", "∈");

  private static final Set<String> MATRICES =
      Set.of("matrix", "pmatrix", "bmatrix", "Bmatrix", "smallmatrix", "psmallmatrix", "array");

  private final TokenStream stream;
  private final ScalarParser scalars;

  private StructureParser(TokenStream stream) {
    this.stream = stream;
    this.scalars = new ScalarParser(stream, this);
  }

  /** The whole of {@code tokens} as one expression, or {@link TokenStream.Failure}. */
  static Expression parse(List<Token> tokens) {
    TokenStream stream = new TokenStream(tokens);
    Expression answer = new StructureParser(stream).list();
    if (!stream.atEnd()) {
      throw new TokenStream.Failure();
    }
    return answer;
  }

  /** Elements between commas; one element stands for itself. */
  Expression list() {
    List<Expression> elements = elements();
    return elements.size() == 1 ? elements.get(0) : new Several(elements, false);
  }

  private List<Expression> elements() {
    List<Expression> elements = new ArrayList<>();
    elements.add(relation());
    while (stream.peek().is(",") || stream.peek().is(";")) {
      while (stream.accept(",") || stream.accept(";")) {
        // "a, and b" is one separator
      }
      elements.add(relation());
    }
    return elements;
  }

  Expression relation() {
    stream.enter();
    List<Expression> sides = new ArrayList<>(List.of(union()));
    List<String> operators = new ArrayList<>();
    while (RELATIONS.contains(stream.peek().text()) && stream.peek().kind() == Token.Kind.SIGN) {
      operators.add(stream.next().text());
      sides.add(union());
    }
    stream.leave();
    return operators.isEmpty() ? sides.get(0) : new Relation(sides, operators);
  }

  private Expression union() {
    List<Expression> parts = new ArrayList<>(List.of(ratio()));
    while (stream.accept("∪")) {
      parts.add(ratio());
    }
    if (parts.size() == 1) {
      return stream.accept("∖") ? realsWithout(parts.get(0), ratio()) : parts.get(0);
    }
    boolean finite = parts.stream().allMatch(part -> part instanceof Several);
    return finite
        ? new Several(
            parts.stream().flatMap(part -> ((Several) part).elements().stream()).toList(), true)
        : new Union(parts);
  }

  /** The real line without one point. */
  private static Expression realsWithout(Expression whole, Expression removed) {
    if (whole.equals(new Symbol("ℝ"))
        && removed instanceof Several several
        && several.elements().size() == 1) {
      return new Relation(List.of(new Symbol("x"), several.elements().get(0)), List.of("≠"));
    }
    throw new TokenStream.Failure();
  }

  private Expression ratio() {
    List<Expression> terms = new ArrayList<>(List.of(scalars.sum()));
    while (stream.accept(":")) {
      terms.add(scalars.sum());
    }
    return switch (terms.size()) {
      case 1 -> terms.get(0);
      case 2 -> Expression.quotient(terms.get(0), terms.get(1));
      default -> new Bracketed(':', ':', terms);
    };
  }

  /** After an opening bracket: what is in it, and its end. */
  Expression bracketed(char open) {
    List<Expression> elements = elements();
    Token close = stream.next();
    char end = close.text().isEmpty() ? ' ' : close.text().charAt(0);
    if (close.kind() != Token.Kind.SIGN || ")]⟩".indexOf(end) < 0) {
      throw new TokenStream.Failure();
    }
    if (elements.size() == 1) {
      return elements.get(0);
    }
    return new Bracketed(open == '⟨' ? '(' : open, end == '⟩' ? ')' : end, elements);
  }

  /** After an opening set brace. */
  Expression set() {
    if (stream.accept("⦄")) {
      return new Several(List.of(), true);
    }
    int name = nameOfBuilder();
    boolean builder = name > 0;
    for (int token = 0; token < name; token++) {
      stream.next();
    }
    List<Expression> elements = elements();
    stream.expect("⦄");
    if (!builder) {
      return new Several(elements, true);
    }
    Expression condition = elements.size() == 1 ? elements.get(0) : new Several(elements, false);
    if (!Region.isMeant(condition)) {
      throw new TokenStream.Failure();
    }
    return condition;
  }

  /** Tokens of {@code x :} or {@code x ∈ ℝ :}; 0 where the set is a list. */
  private int nameOfBuilder() {
    boolean real = stream.peek(1).is("∈") && stream.peek(2).isMacro("reals");
    Token bar = stream.peek(real ? 3 : 1);
    boolean builder = stream.peek().kind() == Token.Kind.LETTER && (bar.is(":") || bar.is("|"));
    return builder ? real ? 4 : 2 : 0;
  }

  /** After an opening group brace: a scalar, or a set where it holds commas. */
  Expression group() {
    List<Expression> elements = elements();
    stream.expect("}");
    return elements.size() == 1 ? elements.get(0) : new Several(elements, true);
  }

  /** After {@code \begin{...}}: the rows. */
  Expression matrix(String environment) {
    if (!MATRICES.contains(environment)) {
      throw new TokenStream.Failure();
    }
    List<List<Expression>> rows = new ArrayList<>();
    List<Expression> row = new ArrayList<>();
    while (true) {
      if (stream.peek().isMacro("end:" + environment)) {
        break;
      }
      row.add(relation());
      if (stream.accept("↵")) {
        rows.add(row);
        row = new ArrayList<>();
      } else if (!stream.accept("&") && !stream.peek().isMacro("end:" + environment)) {
        throw new TokenStream.Failure();
      }
    }
    stream.next();
    if (!row.isEmpty()) {
      rows.add(row);
    }
    int width = rows.isEmpty() ? 0 : rows.get(0).size();
    if (width == 0 || rows.stream().anyMatch(other -> other.size() != width)) {
      throw new TokenStream.Failure();
    }
    return new Matrix(rows);
  }
}
