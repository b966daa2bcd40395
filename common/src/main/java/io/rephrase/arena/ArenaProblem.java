package io.rephrase.arena;

import java.util.List;

/**
 * A walk of n steps: a start, then operands added or taken away, the running value staying within
 * two digits.
 *
 * @param start 1 to 9
 * @param steps signed operands, each of size 1 to 9
 */
public record ArenaProblem(int start, List<Integer> steps) implements Problem {

  /** Largest running value; the smallest is 0. */
  static final int LIMIT = 99;

  public ArenaProblem {
    if (start < 1 || start > 9) {
      throw new IllegalArgumentException("start must be in [1, 9], got " + start);
    }
    steps = List.copyOf(steps);
    if (steps.isEmpty()) {
      throw new IllegalArgumentException("a problem needs at least one step");
    }
    int value = start;
    for (int step : steps) {
      value += step;
      if (step == 0 || Math.abs(step) > 9 || value < 0 || value > LIMIT) {
        throw new IllegalArgumentException(
            "steps must be of size 1 to 9 and keep the value within [0, %d], got %d reaching %d"
                .formatted(LIMIT, step, value));
      }
    }
  }

  @Override
  public int difficulty() {
    return steps.size();
  }

  @Override
  public String id() {
    StringBuilder id = new StringBuilder().append(start);
    for (int step : steps) {
      id.append(sign(step)).append(Math.abs(step));
    }
    return id.toString();
  }

  @Override
  public String question() {
    return "Q" + id() + ":";
  }

  @Override
  public String gold() {
    return Integer.toString(start + steps.stream().mapToInt(Integer::intValue).sum());
  }

  /** Operation, operand, running value a step, then the answer: {@code +9=17;-8=9;#9}. */
  @Override
  public String ownStyle() {
    StringBuilder text = new StringBuilder();
    int value = start;
    for (int step : steps) {
      value += step;
      text.append(sign(step)).append(Math.abs(step)).append('=').append(value).append(';');
    }
    return text.append('#').append(value).toString();
  }

  /** Value, operand, operation a step in letters, then the answer: {@code bhjp/jim/#9}. */
  @Override
  public String expertStyle() {
    StringBuilder text = new StringBuilder();
    int value = start;
    for (int step : steps) {
      value += step;
      text.append(letters(value)).append(letters(Math.abs(step)));
      text.append(step > 0 ? 'p' : 'm').append('/');
    }
    return text.append('#').append(value).toString();
  }

  private static char sign(int step) {
    return step > 0 ? '+' : '-';
  }

  private static String letters(int number) {
    StringBuilder letters = new StringBuilder();
    for (char digit : Integer.toString(number).toCharArray()) {
      letters.append((char) ('a' + (digit - '0')));
    }
    return letters.toString();
  }
}
