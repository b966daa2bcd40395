package io.rephrase.bench;

import io.rephrase.generation.EngineOptions;
import io.rephrase.generation.TorchEngine;
import io.rephrase.model.ModelOptions;
import io.rephrase.model.PolicyModels;
import io.rephrase.model.TorchPolicyModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** Measures this machine, then decoding or training of one checkpoint on it. Prints as it goes. */
public final class Bench {

  /** What can be measured. */
  public enum Part {
    /** Prefill and decoding: even lengths, groups that share a prompt, ragged lengths. */
    DECODE,
    /** Forward and backward; a whole step with its rollouts. */
    TRAINING
  }

  private final Path checkpoint;
  private final ModelOptions options;
  private final Consumer<String> lines;

  public Bench(Path checkpoint, ModelOptions options, Consumer<String> lines) {
    this.checkpoint = checkpoint;
    this.options = options;
    this.lines = lines;
  }

  /**
   * @throws io.rephrase.CheckpointException if the checkpoint cannot be opened
   * @throws io.rephrase.ConfigurationException if its context is too small for a plan
   */
  public void run(List<Part> parts, List<BenchPlan> plans) {
    MachineRates machine = MachineRates.measure();
    lines.accept(text(machine));
    for (Part part : parts) {
      try (TorchPolicyModel model = open(part)) {
        for (BenchPlan plan : plans) {
          plan.requireRoom(model.config().contextTokens());
          measure(part, model, plan, machine).forEach(found -> lines.accept(found.text()));
        }
      }
    }
  }

  private TorchPolicyModel open(Part part) {
    return switch (part) {
      case DECODE -> PolicyModels.openForScoring(checkpoint, options);
      case TRAINING -> PolicyModels.openForTraining(checkpoint, options);
    };
  }

  private static List<Measurement> measure(
      Part part, TorchPolicyModel model, BenchPlan plan, MachineRates machine) {
    return switch (part) {
      case DECODE -> {
        try (TorchEngine engine = TorchEngine.sharing(model, EngineOptions.of(plan.rows()))) {
          yield new DecodeBench(engine, plan, machine).measure();
        }
      }
      case TRAINING -> new TrainingBench(model, plan, machine).measure();
    };
  }

  private static String text(MachineRates machine) {
    return String.format(
        Locale.ROOT,
        "machine threads=%d sgemm_gflops=%.0f sgemm_gflops_per_cpu_second=%.0f copy_gb_per_second=%.1f",
        machine.threads(),
        machine.flopsPerSecond() / 1e9,
        machine.flopsPerCpuSecond() / 1e9,
        machine.copiedBytesPerSecond() / 1e9);
  }
}
