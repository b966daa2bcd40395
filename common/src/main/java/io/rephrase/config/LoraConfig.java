package io.rephrase.config;

import java.util.List;

/**
 * Whether adapters alone are trained, LoRA (arXiv 2106.09685).
 *
 * @param rank of each adapter; 0 trains the whole model
 * @param alpha over rank is what an adapter's change is multiplied by
 * @param targets names of linear modules, or ends of them
 */
public record LoraConfig(int rank, double alpha, List<String> targets) {
  public LoraConfig {
    Rules.atLeast("rank", rank, 0);
    Rules.positive("alpha", alpha);
    targets = List.copyOf(targets);
  }
}
