package io.rephrase.arena;

import io.rephrase.data.HashSplit;
import io.rephrase.data.Prompt;
import io.rephrase.data.Seeds;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A generator of distinct problems at levels of difficulty. Every draw is a function of its seed.
 * Immutable and thread-safe.
 */
public abstract class World {

  /** Draws in a row without a new problem after which a level counts as exhausted. */
  private static final int PATIENCE = 50_000;

  /** Name of the data set its prompts belong to. */
  public abstract String dataset();

  /** Name of the verifier that grades its answers. */
  public abstract String verifier();

  /**
   * The problem of {@code difficulty} that belongs to {@code seed}; several seeds may share one.
   */
  public abstract Problem draw(int difficulty, long seed);

  /**
   * Up to {@code count} distinct problems of one level that belong to {@code split}: fewer only
   * where the level has no more.
   */
  public List<Problem> problems(HashSplit split, int difficulty, int count, long seed) {
    Set<String> questions = new LinkedHashSet<>();
    List<Problem> problems = new ArrayList<>();
    long order = Seeds.order(seed, dataset() + split.label(), difficulty);
    int sinceLast = 0;
    for (int draw = 0; problems.size() < count && sinceLast < PATIENCE; draw++) {
      Problem problem = draw(difficulty, Seeds.sample(order, "draw", 0, "", draw));
      sinceLast++;
      if (problem.split() == split && questions.add(problem.question())) {
        problems.add(problem);
        sinceLast = 0;
      }
    }
    return List.copyOf(problems);
  }

  /**
   * Prompts of several levels, up to {@code perLevel} each, in turns: the first of every level,
   * then the second, and so on while a level has any.
   */
  public List<Prompt> prompts(
      HashSplit split, List<Integer> difficulties, int perLevel, long seed) {
    List<Iterator<Problem>> levels = new ArrayList<>();
    for (int difficulty : difficulties) {
      levels.add(problems(split, difficulty, perLevel, seed).iterator());
    }
    List<Prompt> prompts = new ArrayList<>();
    boolean any = true;
    while (any) {
      any = false;
      for (Iterator<Problem> level : levels) {
        if (level.hasNext()) {
          prompts.add(prompt(level.next()));
          any = true;
        }
      }
    }
    return List.copyOf(prompts);
  }

  /** A problem as the rest of the house sees it; its split is decided by its text. */
  public Prompt prompt(Problem problem) {
    return new Prompt(
        dataset(),
        problem.id(),
        problem.question(),
        problem.gold(),
        verifier(),
        Optional.of(problem.expertStyle()),
        Optional.of("expert"),
        problem.split().label(),
        Optional.of((double) problem.difficulty()),
        Map.of());
  }

  /** A whole number in [{@code low}, {@code high}], the {@code index}-th of a seed. */
  static int between(int low, int high, long seed, int index) {
    return low + (int) (Seeds.uniform(seed, index) * (high - low + 1));
  }
}
