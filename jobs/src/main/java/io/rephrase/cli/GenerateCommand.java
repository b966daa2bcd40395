package io.rephrase.cli;

import io.rephrase.generation.SamplingParams;
import io.rephrase.generation.files.GenerateFiles;
import io.rephrase.generation.files.GenerateOptions;
import io.rephrase.model.ModelOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Samples completions of a file's prompts. */
@Command(
    name = "generate",
    mixinStandardHelpOptions = true,
    description = {
      "Samples completions of JSON lines {\"id\", \"prompt\" | \"messages\" | "
          + "\"prompt_ids\"}: plain text, a conversation for the chat template, or ids.",
      "A line of output for each sample: {\"id\", \"sample_index\", \"completion_ids\", "
          + "\"log_probs\", \"text\", \"finish_reason\"}. A line that cannot be used becomes "
          + "{\"line\", \"error\"}.",
      "What it takes of memory is printed before it starts, on standard error."
    },
    footer = {
      "",
      "Example:",
      "  rephrase generate --checkpoint models/smollm2 --greedy \\",
      "    --input questions.jsonl --output answers.jsonl",
      "where questions.jsonl holds lines such as",
      "  {\"id\": 1, \"messages\": [{\"role\": \"user\", \"content\": \"What is 7 * 8?\"}]}"
    })
final class GenerateCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private LineFiles files;

  @Option(
      names = "--checkpoint",
      paramLabel = "DIR",
      required = true,
      description = "Hugging Face folder.")
  private Path checkpoint;

  @Option(names = "--max-tokens", description = "Of a completion; default: ${DEFAULT-VALUE}")
  private int maxTokens = 128;

  @Option(names = "--temperature", description = "Default: ${DEFAULT-VALUE}")
  private double temperature = 1.0;

  @Option(names = "--top-p", description = "1 keeps all; default: ${DEFAULT-VALUE}")
  private double topP = 1.0;

  @Option(names = "--top-k", description = "0 keeps all; default: ${DEFAULT-VALUE}")
  private int topK;

  @Option(names = "--greedy", description = "Always the most probable token.")
  private boolean greedy;

  @Option(names = "--samples", description = "Completions of each line; default: ${DEFAULT-VALUE}")
  private int samples = 1;

  @Option(
      names = "--seed",
      description = "A sample's own follows from it and the line's id; default: ${DEFAULT-VALUE}")
  private long seed;

  @Option(
      names = "--batch-size",
      description =
          "Completions decoded side by side, fewer where memory does not hold so many; "
              + "default: ${DEFAULT-VALUE}")
  private int batchSize = 32;

  @Option(
      names = "--stop-at-eos",
      arity = "1",
      paramLabel = "true|false",
      description = "Default: ${DEFAULT-VALUE}")
  private boolean stopAtEos = true;

  @Option(names = "--device", description = "auto, cpu, gpu0, ...; default: ${DEFAULT-VALUE}")
  private String device = "auto";

  @Override
  public Integer call() throws IOException {
    GenerateOptions options = options();
    try (InputStream in = files.open();
        Writer out = files.create(spec.commandLine().getOut())) {
      GenerateFiles.Summary summary =
          GenerateFiles.run(options, in, out, spec.commandLine().getErr()::println);
      spec.commandLine().getErr().println(summary.text());
      return summary.lines().allFailed() ? Mistakes.USER : 0;
    }
  }

  private GenerateOptions options() {
    try {
      SamplingParams sampling =
          new SamplingParams(temperature, topP, topK, greedy, maxTokens, stopAtEos);
      ModelOptions model = ModelOptions.defaults().on(device);
      return new GenerateOptions(checkpoint, model, sampling, samples, seed, batchSize);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }
}
