package io.rephrase.cli;

import io.rephrase.Folders;
import io.rephrase.bench.Bench;
import io.rephrase.bench.BenchPlan;
import io.rephrase.bench.RandomCheckpoint;
import io.rephrase.model.ModelOptions;
import io.rephrase.torch.ScriptModule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures this machine, and what decoding and training get out of it. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = {
      "Measures this machine's matrix products and copies, then decoding and training at the "
          + "shape of a checkpoint.",
      "Prints tokens a second of wall time and of CPU time, and the share of what the machine could "
          + "do. The best of a few tries; leave the machine alone meanwhile. conf/bench/RESULTS.md "
          + "holds what was measured where."
    },
    footer = {
      "",
      "Examples:",
      "  rephrase bench --shape 135m",
      "  rephrase bench --checkpoint models/smollm2 --rows 16,32 --parts decode"
    })
final class BenchCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @ArgGroup(multiplicity = "1")
  private Source source = new Source();

  private static final class Source {
    @Option(names = "--checkpoint", paramLabel = "DIR", description = "Hugging Face folder.")
    private Path checkpoint;

    @Option(
        names = "--shape",
        paramLabel = "NAME",
        description = "Random weights of a shape: 135m, 360m, 1b, 1.7b or 8b.")
    private String shape;
  }

  @Option(
      names = "--rows",
      split = ",",
      paramLabel = "N",
      description = "Rows decoded or trained on together; default: ${DEFAULT-VALUE}")
  private List<Integer> rows = List.of(16);

  @Option(names = "--prompt-tokens", description = "Of each row; default: ${DEFAULT-VALUE}")
  private int promptTokens = 64;

  @Option(names = "--new-tokens", description = "Of each row; default: ${DEFAULT-VALUE}")
  private int newTokens = 128;

  @Option(
      names = "--group-size",
      description = "Rollouts that share a prompt; default: ${DEFAULT-VALUE}")
  private int groupSize = 8;

  @Option(
      names = "--parts",
      split = ",",
      description = "${COMPLETION-CANDIDATES}; default: all of them")
  private List<Bench.Part> parts = List.of(Bench.Part.values());

  @Option(
      names = "--repeats",
      description = "Tries, of which the best counts; default: ${DEFAULT-VALUE}")
  private int repeats = 3;

  @Option(names = "--threads", description = "0 takes all cores; default: ${DEFAULT-VALUE}")
  private int threads;

  @Option(names = "--device", description = "auto, cpu, gpu0, ...; default: ${DEFAULT-VALUE}")
  private String device = "auto";

  @Override
  public Integer call() throws IOException {
    List<BenchPlan> plans = plans();
    ModelOptions options = ModelOptions.defaults().on(device);
    ScriptModule.useThreads(threads > 0 ? threads : Runtime.getRuntime().availableProcessors());
    if (source.checkpoint != null) {
      run(source.checkpoint, options, plans);
      return 0;
    }
    RandomCheckpoint shape = shape();
    Path folder = Files.createTempDirectory("rephrase-bench");
    // Ctrl-C runs no finally, and 8b is 16 GB.
    Runtime.getRuntime().addShutdownHook(new Thread(() -> deleteIfThere(folder)));
    try {
      shape.write(folder);
      run(folder, options, plans);
    } finally {
      Folders.delete(folder);
    }
    return 0;
  }

  private void deleteIfThere(Path folder) {
    try {
      Folders.delete(folder);
    } catch (IOException | UncheckedIOException writtenMeanwhile) {
      spec.commandLine().getErr().println("rephrase: delete " + folder + " by hand");
    }
  }

  private void run(Path checkpoint, ModelOptions options, List<BenchPlan> plans) {
    new Bench(checkpoint, options, spec.commandLine().getOut()::println).run(parts, plans);
  }

  private List<BenchPlan> plans() {
    try {
      return rows.stream()
          .map(count -> new BenchPlan(count, promptTokens, newTokens, groupSize, repeats))
          .toList();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private RandomCheckpoint shape() {
    return Arrays.stream(RandomCheckpoint.values())
        .filter(shape -> shape.label().equals(source.shape))
        .findFirst()
        .orElseThrow(
            () ->
                new ParameterException(
                    spec.commandLine(),
                    "--shape must be one of %s, got %s; or give a --checkpoint"
                        .formatted(
                            Arrays.stream(RandomCheckpoint.values())
                                .map(RandomCheckpoint::label)
                                .collect(Collectors.joining(", ")),
                            source.shape)));
  }
}
