package io.rephrase.arena;

import java.util.List;

/**
 * A sum of several terms for a real checkpoint: "State the final answer to the following arithmetic
 * problem: 36 - 43 + 63 =".
 *
 * @param terms signed; the first is positive
 */
public record ChainSum(List<Integer> terms) implements Problem {

  public ChainSum {
    terms = List.copyOf(terms);
    if (terms.size() < 2) {
      throw new IllegalArgumentException("a sum needs at least 2 terms, got " + terms.size());
    }
    if (terms.get(0) < 0) {
      throw new IllegalArgumentException(
          "the first term must not be negative, got " + terms.get(0));
    }
  }

  @Override
  public int difficulty() {
    return terms.size();
  }

  @Override
  public String id() {
    return expression().replace(" ", "");
  }

  private String expression() {
    StringBuilder text = new StringBuilder().append(terms.get(0));
    for (int term : terms.subList(1, terms.size())) {
      text.append(' ').append(operation(term));
    }
    return text.toString();
  }

  private static String operation(int term) {
    return (term < 0 ? "- " : "+ ") + Math.abs(term);
  }

  @Override
  public String question() {
    return "State the final answer to the following arithmetic problem: " + expression() + " =";
  }

  @Override
  public String gold() {
    return Integer.toString(terms.stream().mapToInt(Integer::intValue).sum());
  }

  /** {@code 36 - 43 = -7. -7 + 63 = 56. The answer is \boxed{56}.} */
  @Override
  public String ownStyle() {
    StringBuilder text = new StringBuilder();
    int value = terms.get(0);
    for (int term : terms.subList(1, terms.size())) {
      text.append(value).append(' ').append(operation(term));
      value += term;
      text.append(" = ").append(value).append(". ");
    }
    return text.append("The answer is \\boxed{").append(value).append("}.").toString();
  }

  /** A line "Step 1: 36 - 43 = -7" a step, then "Answer: 56". */
  @Override
  public String expertStyle() {
    StringBuilder text = new StringBuilder();
    int value = terms.get(0);
    for (int step = 1; step < terms.size(); step++) {
      int term = terms.get(step);
      text.append("Step ").append(step).append(": ").append(value).append(' ');
      value += term;
      text.append(operation(term)).append(" = ").append(value).append('\n');
    }
    return text.append("Answer: ").append(value).toString();
  }
}
