package io.rephrase.config;

/**
 * Everything a run is told. Immutable; each section validates itself. {@code reference.conf} beside
 * this class holds every key with its meaning and default.
 */
public record RunConfig(
    RunSettings run,
    PolicyConfig policy,
    DataConfig data,
    AlgorithmConfig algorithm,
    RolloutConfig rollout,
    GuidanceConfig guidance,
    RephraseConfig rephrase,
    TrainConfig train,
    EvaluateConfig evaluate,
    ContaminationConfig contamination,
    EngineConfig engine,
    JudgeConfig judge,
    SparkConfig spark,
    FailureConfig failure) {

  public RunConfig {
    if (rollout.groupSize() < 2 && !algorithm.preset().startsWith("sft")) {
      throw new IllegalArgumentException(
          "rollout.groupSize must be at least 2 for algorithm.preset = %s, got %d: one rollout has nothing to be compared with"
              .formatted(algorithm.preset(), rollout.groupSize()));
    }
  }
}
