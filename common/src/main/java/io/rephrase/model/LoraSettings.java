package io.rephrase.model;

import java.util.List;

/**
 * Low-rank adaptation, LoRA (Hu et al., arXiv 2106.09685): each adapted matrix W [out, in] becomes
 * {@code W + alpha / rank * B A} with A [rank, in] and B [out, rank], and only A and B are trained.
 *
 * @param rank of the change
 * @param alpha numerator of its scale
 * @param targets names of linear modules, or ends of them: {@code q_proj}, {@code mlp.up_proj},
 *     {@code layers.3.self_attn.v_proj}
 * @param seed of A at the start; B is zero, so that training starts from W itself
 */
public record LoraSettings(int rank, double alpha, List<String> targets, long seed) {

  /** Every linear module of a block. */
  public static final List<String> ALL_LINEAR =
      List.of("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj");

  public LoraSettings {
    if (rank < 1) {
      throw new IllegalArgumentException("rank must be at least 1, got " + rank);
    }
    if (!(alpha > 0) || Double.isInfinite(alpha)) {
      throw new IllegalArgumentException("alpha must be above 0, got " + alpha);
    }
    targets = List.copyOf(targets);
  }

  /**
   * Refuses targets that a model does not have, and ranks beyond its matrices.
   *
   * @throws io.rephrase.ConfigurationException naming the target and the modules there are
   */
  public void check(ModelConfig config) {
    LoraModule.matching(this, config);
  }

  /** What B A is multiplied by. */
  double scale() {
    return alpha / rank;
  }
}
