package io.rephrase.cli;

import io.rephrase.reward.files.GradeFiles;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Grades answers in a file. */
@Command(
    name = "grade",
    mixinStandardHelpOptions = true,
    description = {
      "Grades JSON lines {\"id\", \"gold\", \"completion\", \"verifier\"?, \"options\"?}. A bad line becomes"
          + " {\"line\", \"error\"}; - is standard input or output."
    },
    footer = {
      "",
      "Example:",
      "  rephrase grade --input answers.jsonl --output graded.jsonl --verifier math"
    })
final class GradeCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(names = "--input", paramLabel = "F", required = true, description = "File, or -.")
  private String input;

  @Option(names = "--output", paramLabel = "F", required = true, description = "File, or -.")
  private String output;

  @Option(
      names = "--verifier",
      description =
          "Of lines that name none: math, numeric, exact, choice, format; default: ${DEFAULT-VALUE}")
  private String verifier = "math";

  @Override
  public Integer call() {
    GradeFiles.Summary summary =
        new GradeFiles(new GradeFiles.Options(input, output, verifier)).run();
    spec.commandLine().getErr().printf("lines=%d failed=%d%n", summary.lines(), summary.failed());
    return summary.allFailed() ? Mistakes.USER : 0;
  }
}
