package io.rephrase.generation.files;

import io.rephrase.ConfigurationException;
import io.rephrase.generation.MemoryBudget;
import io.rephrase.generation.TorchEngine;
import io.rephrase.memory.Machine;
import io.rephrase.memory.MemoryShare;
import io.rephrase.memory.MemoryShare.Part;
import io.rephrase.model.ModelConfig;
import io.rephrase.model.ModelMemory;
import java.util.List;

/**
 * What {@link GenerateFiles} takes of memory, from a checkpoint's sizes alone, before it is opened.
 * Immutable.
 */
final class GeneratePlan {
  private final ModelConfig model;
  private final int batchSize;
  private final int shortestTokens;
  private final MemoryLeft left;

  /**
   * @throws ConfigurationException if the machine has no room for one completion
   */
  GeneratePlan(ModelConfig model, GenerateOptions options, Machine machine) {
    this.model = model;
    this.batchSize = options.batchSize();
    ModelMemory memory = new ModelMemory(model, options.model());
    List<Part> parts =
        List.of(
            new Part("weights", memory.weights()),
            new Part("weights for decoding", TorchEngine.weightCopyBytes(model)),
            new Part("rotary tables", memory.tables()));
    this.left =
        MemoryLeft.of(new MemoryShare("generate", parts), machine, options.model().device());
    this.shortestTokens = options.sampling().mostTokens(1, model.contextTokens());
    long needed = budget().rowBytes(1, shortestTokens) + budget().passBytes(1);
    left.require(needed, machine, "lower --max-tokens or take a smaller checkpoint");
  }

  /** For completions. */
  MemoryBudget budget() {
    return new MemoryBudget(model, left.bytes());
  }

  /** What should be known before the run, a line each. */
  List<String> lines() {
    String cache =
        "cache: %d bytes a token of each row; %s"
            .formatted(budget().bytesPerToken(), rows(budget().rows(model.contextTokens())));
    return List.of(left.line(), cache);
  }

  private String rows(long whole) {
    if (whole >= batchSize) {
      return "%d rows (--batch-size) fit, even of %d tokens, the context"
          .formatted(batchSize, model.contextTokens());
    }
    long some = Math.min(batchSize, budget().rows(shortestTokens));
    String others =
        whole > 0
            ? "and %d of %d tokens, the context; others wait: --batch-size %1$d always fits"
                .formatted(whole, model.contextTokens())
            : "none longer than %d tokens; others wait".formatted(budget().longest(1));
    return "of %d rows (--batch-size) %d with short prompts fit at once, %s"
        .formatted(batchSize, some, others);
  }
}
