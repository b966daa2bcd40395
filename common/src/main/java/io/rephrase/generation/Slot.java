package io.rephrase.generation;

import io.rephrase.data.FinishReason;
import java.util.Arrays;
import java.util.Optional;

/** A completion under way. */
final class Slot {
  private final GenerationRequest request;
  private final long startedNanos = System.nanoTime();
  private int[] tokenIds = new int[16];
  private float[] logProbs = new float[16];
  private int count;

  Slot(GenerationRequest request) {
    this.request = request;
  }

  GenerationRequest request() {
    return request;
  }

  void add(TokenSampler.Token token) {
    if (count == tokenIds.length) {
      tokenIds = Arrays.copyOf(tokenIds, 2 * count);
      logProbs = Arrays.copyOf(logProbs, 2 * count);
    }
    tokenIds[count] = token.id();
    logProbs[count] = token.logProb();
    count++;
  }

  /** The token that the next step reads. */
  int lastId() {
    return tokenIds[count - 1];
  }

  /** Where it stands. */
  int lastPosition() {
    return request.promptIds().length + count - 1;
  }

  TokenSampler.Draw draw() {
    return new TokenSampler.Draw(request.sampling(), request.seed(), count);
  }

  int lengthTokens() {
    return request.promptIds().length + count;
  }

  /** The most that prompt and completion can have. */
  int mostTokens(int contextTokens) {
    return request.sampling().mostTokens(request.promptIds().length, contextTokens);
  }

  int count() {
    return count;
  }

  Completion end(FinishReason reason) {
    return completion(reason, Optional.empty());
  }

  Completion fail(String error) {
    return completion(FinishReason.ERROR, Optional.of(error));
  }

  private Completion completion(FinishReason reason, Optional<String> error) {
    long latencyMs = (System.nanoTime() - startedNanos) / 1_000_000;
    return new Completion(
        request.key(),
        Arrays.copyOf(tokenIds, count),
        Arrays.copyOf(logProbs, count),
        reason,
        latencyMs,
        error);
  }
}
