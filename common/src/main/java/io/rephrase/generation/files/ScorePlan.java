package io.rephrase.generation.files;

import io.rephrase.ConfigurationException;
import io.rephrase.memory.Machine;
import io.rephrase.memory.MemoryShare;
import io.rephrase.memory.MemoryShare.Part;
import io.rephrase.model.ModelConfig;
import io.rephrase.model.ModelMemory;
import java.util.List;
import java.util.Optional;

/**
 * What {@link ScoreFiles} takes of memory, from a checkpoint's sizes alone, before it is opened.
 * Immutable.
 */
final class ScorePlan {
  private final ModelMemory memory;
  private final MemoryLeft left;

  /**
   * @throws ConfigurationException if the machine has no room for a pass over lines
   */
  ScorePlan(ModelConfig model, ScoreOptions options, Machine machine) {
    this.memory = new ModelMemory(model, options.model());
    List<Part> parts =
        List.of(
            new Part("weights", memory.weights()),
            new Part("rotary tables", memory.tables()),
            new Part("logits", memory.logits()));
    this.left = MemoryLeft.of(new MemoryShare("score", parts), machine, options.model().device());
    left.require(memory.pass(), machine, "take a smaller checkpoint");
  }

  /** Why a line of so many tokens cannot be scored; short ones are computed together. */
  Optional<String> refusal(int tokens) {
    long needed = memory.pass(tokens);
    return needed <= left.bytes()
        ? Optional.empty()
        : Optional.of(
            "prompt and completion have %d tokens, a pass over which takes %d bytes, but %d are left beside the weights; shorten them to %d, or use more memory"
                .formatted(tokens, needed, left.bytes(), left.bytes() / memory.pass(1)));
  }

  /** What should be known before the run. */
  String line() {
    return left.line() + ", %d bytes a token of a pass".formatted(memory.pass(1));
  }
}
