package io.rephrase.arena;

import io.rephrase.data.FinishReason;
import io.rephrase.generation.Completion;
import io.rephrase.generation.GenerationEngine;
import io.rephrase.generation.GenerationRequest;
import io.rephrase.model.TokenScores;
import io.rephrase.model.TokenSequence;
import io.rephrase.model.TorchPolicyModel;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * Greedy decoding by a full forward a token: slow, and nothing in it can be wrong but the model.
 */
final class FullForwardEngine implements GenerationEngine {

  private final TorchPolicyModel model;

  FullForwardEngine(TorchPolicyModel model) {
    this.model = model;
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
        return decode(requests.next());
      }
    };
  }

  private Completion decode(GenerationRequest request) {
    int eos = model.config().eosTokenIds().get(0);
    int[] ids = new int[0];
    FinishReason finish = FinishReason.LENGTH;
    while (ids.length < request.sampling().maxTokens() && finish != FinishReason.EOS) {
      int[] extended = Arrays.copyOf(ids, ids.length + 1);
      float[][] logits = model.logits(new TokenSequence(request.promptIds(), extended));
      extended[ids.length] = argmax(logits[ids.length]);
      ids = extended;
      finish = ids[ids.length - 1] == eos ? FinishReason.EOS : finish;
    }
    return new Completion(request.key(), ids, new float[ids.length], finish, 0, Optional.empty());
  }

  private static int argmax(float[] logits) {
    int best = 0;
    for (int i = 1; i < logits.length; i++) {
      best = logits[i] > logits[best] ? i : best;
    }
    return best;
  }

  @Override
  public List<TokenScores> score(List<TokenSequence> rows, double temperature) {
    return model.score(rows, temperature);
  }

  @Override
  public int contextTokens() {
    return model.config().contextTokens();
  }

  @Override
  public int slots() {
    return 1;
  }

  @Override
  public void close() {
    model.close();
  }
}
