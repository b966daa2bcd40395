package io.rephrase.generation;

import io.rephrase.model.PolicyFolder;
import io.rephrase.model.TokenScores;
import io.rephrase.model.TokenSequence;
import io.rephrase.model.TorchPolicyModel;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;

/**
 * Samples completions and scores given ones with one policy version. Owns what it runs on: whoever
 * opens it closes it. Not thread-safe: one caller at a time.
 */
public interface GenerationEngine extends AutoCloseable {

  /**
   * Serves the requests as slots come free, pulling them lazily, and hands completions back in the
   * order in which they end. A prompt that leaves no room for a token ends with {@link
   * io.rephrase.data.FinishReason#CONTEXT} and no tokens.
   *
   * @throws io.rephrase.generation.InterruptedGenerationException when the calling task was
   *     cancelled
   */
  Iterator<Completion> generate(Iterator<GenerationRequest> requests);

  /** Scores by full forwards, see {@link io.rephrase.model.PolicyModel#score}. */
  List<TokenScores> score(List<TokenSequence> rows, double temperature);

  /**
   * Takes up the weights of another checkpoint in place; between iterators only.
   *
   * @return false where the engine cannot, as for another architecture; nothing has changed then
   * @throws io.rephrase.CheckpointException if the folder is damaged
   */
  default boolean takeUp(PolicyFolder folder) {
    return false;
  }

  /** The same of a folder of this machine, see {@link PolicyFolder#of}. */
  default boolean takeUp(Path folder) {
    return takeUp(PolicyFolder.of(folder));
  }

  /** As {@link #takeUp(PolicyFolder)}, from a model in this process, to the bit. */
  default boolean takeUp(TorchPolicyModel trained) {
    return false;
  }

  /** Frees what generation makes anew when it goes on, as before training in the same process. */
  default void releaseCache() {}

  /** Whether completions have ids and log-probs; without them there is nothing to train on. */
  default boolean givesTokens() {
    return true;
  }

  /** Prompt and completion together may not exceed this many tokens. */
  int contextTokens();

  /** How many completions are decoded side by side. */
  int slots();

  @Override
  void close();
}
