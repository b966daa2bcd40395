package io.rephrase.arena;

import io.rephrase.data.HashSplit;
import io.rephrase.data.VerdictStatus;
import io.rephrase.generation.Completion;
import io.rephrase.generation.GenerationEngine;
import io.rephrase.generation.GenerationRequest;
import io.rephrase.generation.SamplingParams;
import io.rephrase.prompt.Tokenizer;
import io.rephrase.reward.ArenaVerifier;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Measures whether an arena policy is in the regime the method is about: greedy accuracy by level,
 * solving alone and restating a given solution.
 *
 * @param solving accuracy under q, by steps
 * @param restating accuracy under P(q,k), by steps
 */
public record ArenaRegime(Map<Integer, Double> solving, Map<Integer, Double> restating) {

  private static final SamplingParams GREEDY = new SamplingParams(1.0, 1.0, 0, true, 72, true);

  public ArenaRegime {
    solving = Map.copyOf(solving);
    restating = Map.copyOf(restating);
  }

  /**
   * Measures on up to {@code perLevel} problems of each level.
   *
   * @param split to measure on; the test split is for final results
   */
  public static ArenaRegime measure(
      GenerationEngine engine, Tokenizer tokenizer, HashSplit split, int perLevel) {
    WarmStartCorpus corpus = ArenaWarmStart.corpus();
    Map<Integer, Double> solving = new TreeMap<>();
    Map<Integer, Double> restating = new TreeMap<>();
    for (int level : ArenaWorld.LEVELS) {
      List<Problem> problems = corpus.world().problems(split, level, perLevel, 0);
      List<String> questions = new ArrayList<>();
      List<String> given = new ArrayList<>();
      for (Problem problem : problems) {
        questions.add(corpus.question().render(problem.question()));
        given.add(corpus.rephrase().render(problem.question(), problem.expertStyle()));
      }
      solving.put(level, accuracy(engine, tokenizer, problems, questions));
      restating.put(level, accuracy(engine, tokenizer, problems, given));
    }
    return new ArenaRegime(solving, restating);
  }

  private static double accuracy(
      GenerationEngine engine, Tokenizer tokenizer, List<Problem> problems, List<String> prompts) {
    List<GenerationRequest> requests = new ArrayList<>();
    for (int i = 0; i < prompts.size(); i++) {
      requests.add(new GenerationRequest(i, tokenizer.encode(prompts.get(i)), 0, GREEDY));
    }
    ArenaVerifier verifier = new ArenaVerifier();
    int correct = 0;
    Iterator<Completion> completions = engine.generate(requests.iterator());
    while (completions.hasNext()) {
      Completion completion = completions.next();
      String gold = problems.get((int) completion.key()).gold();
      String answer = tokenizer.decode(completion.tokenIds());
      correct += verifier.verify(answer, gold).status() == VerdictStatus.CORRECT ? 1 : 0;
    }
    return (double) correct / problems.size();
  }
}
