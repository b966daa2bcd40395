package io.rephrase.cli;

import io.rephrase.ConfigurationException;
import io.rephrase.config.ConfigLoader;
import io.rephrase.config.JudgeConfig;
import io.rephrase.jobs.spark.JudgeSpec;
import io.rephrase.lines.LineCounts;
import io.rephrase.reward.Judge;
import io.rephrase.reward.Verifiers;
import io.rephrase.reward.files.GradeFiles;
import io.rephrase.reward.judge.EndpointJudge;
import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Grades answers in a file. */
@Command(
    name = "grade",
    mixinStandardHelpOptions = true,
    description =
        "Grades JSON lines {\"id\", \"gold\", \"completion\", \"verifier\"?, \"options\"?, \"question\"?}. "
            + "A bad line becomes {\"line\", \"error\"}; - is standard input or output. "
            + "llm-judge asks the model that judge.url and judge.model name, with the line's question.",
    footer = {
      "",
      "Example:",
      "  rephrase grade --input answers.jsonl --output graded.jsonl --verifier math",
      "  rephrase grade --input answers.jsonl --output graded.jsonl --verifier llm-judge"
          + " judge.url=http://127.0.0.1:8000 judge.model=judge"
    })
final class GradeCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private LineFiles files;

  @Option(
      names = "--verifier",
      description =
          "Of lines that name none: math, numeric, exact, choice, format, llm-judge; default: ${DEFAULT-VALUE}")
  private String verifier = "math";

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Configuration file, for its section judge.")
  private @Nullable Path config;

  @Parameters(paramLabel = "key=value", description = "Values that win over the file.")
  private List<String> words = new ArrayList<>();

  @Override
  public Integer call() throws IOException {
    JudgeSpec judged = JudgeSpec.of(judge());
    if (!judged.present()) {
      return grade(Judge.NOBODY);
    }
    try (EndpointJudge judge = judged.open()) {
      return grade(judge);
    }
  }

  private JudgeConfig judge() {
    ConfigLoader loader = config == null ? new ConfigLoader() : new ConfigLoader().file(config);
    JudgeConfig judge = loader.words(words).load().config().judge();
    if (!judge.present() && verifier.equals(Verifiers.LLM_JUDGE.label())) {
      throw new ConfigurationException(
          "--verifier %s asks a model, and none is named; add judge.url=http://host:port and judge.model=NAME, or --config with a file that has them"
              .formatted(verifier));
    }
    return judge;
  }

  private Integer grade(Judge judge) throws IOException {
    GradeFiles grader = new GradeFiles(verifier, judge);
    try (InputStream in = files.open();
        Writer out = files.create(spec.commandLine().getOut())) {
      LineCounts counts = grader.grade(in, out);
      spec.commandLine().getErr().printf("lines=%d failed=%d%n", counts.lines(), counts.failed());
      return counts.allFailed() ? Mistakes.USER : 0;
    }
  }
}
