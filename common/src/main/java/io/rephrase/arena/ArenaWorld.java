package io.rephrase.arena;

import io.rephrase.data.HashSplit;
import io.rephrase.data.Prompt;
import java.util.ArrayList;
import java.util.List;

/**
 * The embedded world: walks of 1 to 6 steps. The shipped policy knows 1 to 3 (easy) and does not
 * know 4 to 6 (hard). There are 126 problems of one step, 1,899 of two and 30,036 of three.
 */
public final class ArenaWorld extends World {

  /** Levels the shipped policy solves. */
  public static final List<Integer> EASY = List.of(1, 2, 3);

  /** Levels the shipped policy fails at. */
  public static final List<Integer> HARD = List.of(4, 5, 6);

  /** All levels. */
  public static final List<Integer> LEVELS = List.of(1, 2, 3, 4, 5, 6);

  private static final int HELD_OUT_PER_LEVEL = 500;

  @Override
  public String dataset() {
    return "arena";
  }

  @Override
  public String verifier() {
    return "arena";
  }

  /** Prompts to train on, levels mixed: {@code perLevel} each, or all there are. */
  public List<Prompt> train(int perLevel, long seed) {
    return prompts(HashSplit.TRAIN, LEVELS, perLevel, seed);
  }

  /** The test set of one level: 500 problems, or all there are. The same in every run. */
  public List<Prompt> test(int difficulty) {
    return prompts(HashSplit.TEST, List.of(difficulty), HELD_OUT_PER_LEVEL, 0);
  }

  /** As {@link #test}, of the split that settings are chosen on. */
  public List<Prompt> tuning(int difficulty) {
    return prompts(HashSplit.TUNING, List.of(difficulty), HELD_OUT_PER_LEVEL, 0);
  }

  @Override
  public ArenaProblem draw(int difficulty, long seed) {
    if (difficulty < 1) {
      throw new IllegalArgumentException("difficulty must be at least 1 step, got " + difficulty);
    }
    int start = between(1, 9, seed, 0);
    int value = start;
    List<Integer> steps = new ArrayList<>();
    for (int index = 1; steps.size() < difficulty; index++) {
      int choice = between(0, 17, seed, index);
      int step = choice < 9 ? choice + 1 : 8 - choice;
      if (value + step >= 0 && value + step <= ArenaProblem.LIMIT) {
        steps.add(step);
        value += step;
      }
    }
    return new ArenaProblem(start, steps);
  }
}
