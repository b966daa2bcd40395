package io.rephrase.jobs;

import io.rephrase.config.RunConfig;
import io.rephrase.memory.MemoryShare;
import io.rephrase.memory.MemoryShare.Part;
import java.util.ArrayList;
import java.util.List;

/**
 * What the trainer keeps of one iteration on the driver's heap, if every completion is as long as
 * may be. Prompts and experts' solutions, whose lengths no setting bounds, are not counted.
 * Immutable.
 */
final class HeapPlan {

  /** Spark, Delta and the plans of an iteration: an allowance. */
  static final long SPARK_BYTES = 256L << 20;

  /** Decoded rows that readers hold, where a group is not larger. */
  private static final long READ_BYTES = 32L << 20;

  // A log-prob and an entropy, both double, of each token that is scored.
  private static final long SCORE_BYTES = 2L * Double.BYTES;

  private final RunConfig config;
  private final RunMethod method;
  private final int contextTokens;

  private HeapPlan(RunConfig config, int contextTokens) {
    this.config = config;
    this.method = RunMethod.of(config);
    this.contextTokens = contextTokens;
  }

  /** The driver's heap of a run whose completions have so many tokens at most. */
  static MemoryShare of(RunConfig config, int contextTokens) {
    return new HeapPlan(config, contextTokens).share();
  }

  private MemoryShare share() {
    long sampled = groups() * method.slots().count() * longest(config.rollout().maxTokens());
    long rephrased = method.rephrases() ? groups() * longest(config.rephrase().maxTokens()) : 0;
    long trained = sampled + rephrased;
    int steps = config.train().stepsPerIteration();
    List<Part> parts = new ArrayList<>();
    parts.add(new Part("token ids", trained * Integer.BYTES));
    parts.add(new Part("log-probs of rephrasings", rephrased * Float.BYTES));
    if (steps > 1) {
      parts.add(new Part("scores before the first step", trained * SCORE_BYTES));
    }
    if (method.trainer().objective().kl().coefficient() > 0) {
      long step = (trained + steps - 1) / steps;
      parts.add(new Part("scores of the reference policy", step * SCORE_BYTES));
    }
    parts.add(new Part("groups being read", Math.max(READ_BYTES, config.rollout().groupBytes())));
    parts.add(new Part("Spark", SPARK_BYTES));
    return new MemoryShare("the driver", parts);
  }

  private long groups() {
    return config.rollout().promptsPerIteration();
  }

  private long longest(int tokens) {
    return Math.min(tokens, contextTokens);
  }
}
