package io.rephrase.arena;

import io.rephrase.data.HashSplit;
import io.rephrase.data.Seeds;
import io.rephrase.prompt.QuestionPrompt;
import io.rephrase.prompt.RephrasePrompt;
import java.util.ArrayList;
import java.util.List;

/**
 * What a warm start learns from: half "solve an easy problem in own style" under the bare question,
 * half "restate a given solution in own style" under P(q,k). Train-split problems only. A function
 * of its seed; immutable and thread-safe.
 *
 * @param world the problems
 * @param question q
 * @param rephrase P(q,k)
 * @param solveDifficulties levels to solve, drawn evenly
 * @param rephraseDifficulties levels to restate, drawn evenly
 */
public record WarmStartCorpus(
    World world,
    QuestionPrompt question,
    RephrasePrompt rephrase,
    List<Integer> solveDifficulties,
    List<Integer> rephraseDifficulties) {
  public WarmStartCorpus {
    solveDifficulties = List.copyOf(solveDifficulties);
    rephraseDifficulties = List.copyOf(rephraseDifficulties);
    if (solveDifficulties.isEmpty() || rephraseDifficulties.isEmpty()) {
      throw new IllegalArgumentException(
          "both halves need a difficulty, got solve %s and rephrase %s"
              .formatted(solveDifficulties, rephraseDifficulties));
    }
  }

  /**
   * One thing to learn.
   *
   * @param prompt rendered
   * @param completion without end-of-sequence token; it alone is in the loss
   */
  public record Example(String prompt, String completion) {}

  /** The examples of one optimizer step: even rows solve, odd rows restate. */
  public List<Example> batch(int rows, int step, long seed) {
    List<Example> examples = new ArrayList<>(rows);
    for (int row = 0; row < rows; row++) {
      long rowSeed = Seeds.sample(seed, "warm-start", step, world.dataset(), row);
      examples.add(row % 2 == 0 ? solve(rowSeed) : restate(rowSeed));
    }
    return examples;
  }

  private Example solve(long seed) {
    Problem problem = draw(solveDifficulties, seed);
    return new Example(question.render(problem.question()), problem.ownStyle());
  }

  private Example restate(long seed) {
    Problem problem = draw(rephraseDifficulties, seed);
    return new Example(
        rephrase.render(problem.question(), problem.expertStyle()), problem.ownStyle());
  }

  private Problem draw(List<Integer> difficulties, long seed) {
    int level = World.between(0, difficulties.size() - 1, seed, 0);
    for (int attempt = 0; ; attempt++) {
      long draw = Seeds.sample(seed, "problem", 0, "", attempt);
      Problem problem = world.draw(difficulties.get(level), draw);
      if (problem.split() == HashSplit.TRAIN) {
        return problem;
      }
    }
  }
}
