package io.rephrase.generation;

import io.rephrase.model.TokenScores;
import io.rephrase.model.TokenSequence;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;

/**
 * Answers from a given function, in the order of the requests: for tests and rehearsals of what
 * stands around an engine. Scores are log(1/2) and entropy log(2) for every token.
 */
public final class ScriptedEngine implements GenerationEngine {
  private final Function<GenerationRequest, Completion> script;
  private final int slots;
  private final int contextTokens;

  public ScriptedEngine(
      int slots, int contextTokens, Function<GenerationRequest, Completion> script) {
    this.slots = slots;
    this.contextTokens = contextTokens;
    this.script = script;
  }

  @Override
  public Iterator<Completion> generate(Iterator<GenerationRequest> requests) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return requests.hasNext();
      }

      @Override
      public Completion next() {
        return script.apply(requests.next());
      }
    };
  }

  @Override
  public List<TokenScores> score(List<TokenSequence> rows, double temperature) {
    return rows.stream().map(row -> evenOdds(row.completionIds().length)).toList();
  }

  private static TokenScores evenOdds(int tokens) {
    double[] logProbs = new double[tokens];
    double[] entropies = new double[tokens];
    for (int i = 0; i < tokens; i++) {
      logProbs[i] = -Math.log(2);
      entropies[i] = Math.log(2);
    }
    return new TokenScores(logProbs, entropies);
  }

  @Override
  public int contextTokens() {
    return contextTokens;
  }

  @Override
  public int slots() {
    return slots;
  }

  @Override
  public void close() {
    // owns nothing
  }
}
