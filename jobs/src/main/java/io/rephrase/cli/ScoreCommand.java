package io.rephrase.cli;

import io.rephrase.generation.files.ScoreFiles;
import io.rephrase.generation.files.ScoreOptions;
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

/** Scores a file's completions. */
@Command(
    name = "score",
    mixinStandardHelpOptions = true,
    description = {
      "Scores the completions of JSON lines {\"id\", \"prompt\" | \"messages\" | "
          + "\"prompt_ids\", \"completion\" | \"completion_ids\"}: {\"id\", \"log_probs\", "
          + "\"entropies\", \"perplexity\"}, one number a completion token, nats.",
      "A line that cannot be used becomes {\"line\", \"error\"}."
    },
    footer = {
      "",
      "Example:",
      "  rephrase score --checkpoint models/smollm2 --input answers.jsonl --output scores.jsonl",
      "where answers.jsonl holds lines such as",
      "  {\"id\": 1, \"prompt\": \"2 + 2 =\", \"completion\": \" 4\"}"
    })
final class ScoreCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private LineFiles files;

  @Option(
      names = "--checkpoint",
      paramLabel = "DIR",
      required = true,
      description = "Hugging Face folder.")
  private Path checkpoint;

  @Option(names = "--temperature", description = "Default: ${DEFAULT-VALUE}")
  private double temperature = 1.0;

  @Option(
      names = "--append-eos",
      description = "Ends a completion given as text with the end-of-sequence token.")
  private boolean appendEos;

  @Option(names = "--device", description = "auto, cpu, gpu0, ...; default: ${DEFAULT-VALUE}")
  private String device = "auto";

  @Override
  public Integer call() throws IOException {
    ScoreOptions options = options();
    try (InputStream in = files.open();
        Writer out = files.create(spec.commandLine().getOut())) {
      ScoreFiles.Summary summary =
          ScoreFiles.run(options, in, out, spec.commandLine().getErr()::println);
      spec.commandLine().getErr().println(summary.text());
      return summary.lines().allFailed() ? Mistakes.USER : 0;
    }
  }

  private ScoreOptions options() {
    ScoreOptions.TextEnd end = appendEos ? ScoreOptions.TextEnd.EOS : ScoreOptions.TextEnd.NOTHING;
    try {
      return new ScoreOptions(checkpoint, ModelOptions.defaults().on(device), temperature, end);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }
}
