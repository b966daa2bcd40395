package io.rephrase.cli;

import io.rephrase.Folders;
import io.rephrase.InputException;
import io.rephrase.arena.ArenaWarmStart;
import io.rephrase.arena.ChainSumWarmStart;
import io.rephrase.arena.WarmStart.Settings;
import io.rephrase.arena.WarmStart.StepListener;
import io.rephrase.progress.Progress;
import io.rephrase.progress.ProgressStage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Brings a policy into the regime the method is about. */
@Command(
    name = "warm-start",
    mixinStandardHelpOptions = true,
    description =
        "Makes the arena's policy from nothing, or trains a checkpoint to solve short chain "
            + "sums and to restate given solutions.",
    footer = {
      "",
      "Examples:",
      "  rephrase warm-start --output policies/arena",
      "  rephrase warm-start --checkpoint models/smollm2 --output policies/smollm2-sums"
    })
final class WarmStartCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(
      names = "--checkpoint",
      paramLabel = "DIR",
      description = "Hugging Face folder to start from; without it the arena's, from nothing.")
  private @Nullable Path checkpoint;

  @Option(names = "--output", paramLabel = "DIR", required = true, description = "A new folder.")
  private Path output;

  @Option(names = "--seed", description = "Default: ${DEFAULT-VALUE}")
  private long seed = 1;

  @Option(names = "--steps", description = "Optimizer steps; default: 3000 arena, 150 chain sums.")
  private int steps;

  @Override
  public Integer call() throws IOException {
    if (Files.exists(output)) {
      throw new InputException(output + " exists already; name a new folder");
    }
    requireWritable(output.toAbsolutePath().getParent());
    Settings settings = withSteps(checkpoint == null ? Settings.arena() : Settings.chainSum());
    try (ProgressStage stage =
        Progress.onStandardError().stage("warm start", settings.steps(), "steps")) {
      train(
          settings,
          (loss, gradientNorm) -> {
            stage.advance(1);
            stage.note("loss=%.4f gradient_norm=%.3f".formatted(loss, gradientNorm));
          });
    }
    spec.commandLine().getOut().println(output);
    return 0;
  }

  /** Hours may lie between the start and the first file. */
  private static void requireWritable(@Nullable Path parent) throws IOException {
    if (parent != null) {
      Files.createDirectories(parent);
      Folders.delete(Files.createTempDirectory(parent, ".warm-start"));
    }
  }

  private void train(Settings settings, StepListener listener) throws IOException {
    if (checkpoint != null) {
      ChainSumWarmStart.run(checkpoint, output, settings, seed, listener);
      return;
    }
    Path scratch = Files.createTempDirectory("warm-start");
    try {
      ArenaWarmStart.run(scratch.resolve("untrained"), output, settings, seed, listener);
    } finally {
      Folders.delete(scratch);
    }
  }

  private Settings withSteps(Settings settings) {
    return steps < 1
        ? settings
        : new Settings(
            steps,
            settings.rows(),
            settings.microBatchRows(),
            settings.learningRate(),
            Math.min(settings.warmUpSteps(), steps),
            settings.decay());
  }
}
