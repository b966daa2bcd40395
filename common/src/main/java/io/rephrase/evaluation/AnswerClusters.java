package io.rephrase.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiPredicate;

/**
 * Which answers to a problem say the same. Those that were verified right are one cluster; of the
 * others each joins the first cluster whose first answer is equal to it, else it begins one. A
 * cluster's number is the index of its first answer. Stateless and thread-safe.
 */
public final class AnswerClusters {

  /**
   * One sample's answer.
   *
   * @param text as extracted; empty where there is none
   * @param right whether it was verified as right
   */
  public record Answer(Optional<String> text, boolean right) {}

  private AnswerClusters() {}

  /**
   * The cluster of each answer, empty where there is none.
   *
   * @param answers of one problem in order of their samples
   * @param same whether two wrong answers say the same, asked with the earlier one first
   */
  public static List<OptionalInt> of(List<Answer> answers, BiPredicate<String, String> same) {
    List<Integer> firsts = new ArrayList<>();
    List<OptionalInt> clusters = new ArrayList<>();
    for (int index = 0; index < answers.size(); index++) {
      Answer answer = answers.get(index);
      if (answer.text().isEmpty()) {
        clusters.add(OptionalInt.empty());
        continue;
      }
      OptionalInt found =
          firsts.stream()
              .mapToInt(Integer::intValue)
              .filter(first -> equal(answers.get(first), answer, same))
              .findFirst();
      if (found.isEmpty()) {
        firsts.add(index);
      }
      clusters.add(found.isPresent() ? found : OptionalInt.of(index));
    }
    return clusters;
  }

  private static boolean equal(Answer first, Answer answer, BiPredicate<String, String> same) {
    if (first.right() || answer.right()) {
      return first.right() && answer.right();
    }
    String one = first.text().orElseThrow();
    String other = answer.text().orElseThrow();
    return one.equals(other) || same.test(one, other);
  }
}
