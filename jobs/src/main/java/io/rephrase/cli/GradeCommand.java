package io.rephrase.cli;

import io.rephrase.lines.LineCounts;
import io.rephrase.reward.files.GradeFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Grades answers in a file. */
@Command(
    name = "grade",
    mixinStandardHelpOptions = true,
    description =
        "Grades JSON lines {\"id\", \"gold\", \"completion\", \"verifier\"?, \"options\"?}. "
            + "A bad line becomes {\"line\", \"error\"}; - is standard input or output.",
    footer = {
      "",
      "Example:",
      "  rephrase grade --input answers.jsonl --output graded.jsonl --verifier math"
    })
final class GradeCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private LineFiles files;

  @Option(
      names = "--verifier",
      description =
          "Of lines that name none: math, numeric, exact, choice, format; default: ${DEFAULT-VALUE}")
  private String verifier = "math";

  @Override
  public Integer call() throws IOException {
    GradeFiles grader = new GradeFiles(verifier);
    try (InputStream in = files.open();
        Writer out = files.create(spec.commandLine().getOut())) {
      LineCounts counts = grader.grade(in, out);
      spec.commandLine().getErr().printf("lines=%d failed=%d%n", counts.lines(), counts.failed());
      return counts.allFailed() ? Mistakes.USER : 0;
    }
  }
}
