package io.rephrase.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class MainTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void configPrintsValuesWithTheirOrigins() {
    assertThat(run("config", "rollout.groupSize=4")).isZero();
    assertThat(out.toString())
        .containsPattern("rollout\\.groupSize +=\\s4 +# command line")
        .containsPattern("guidance\\.rho +=\\s0\\.75 +# built-in")
        .containsPattern("# hash [0-9a-f]{64}");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void aMistakeInTheConfigurationIsOneMessageAndTwo() {
    assertThat(run("config", "guidance.rho=2")).isEqualTo(2);
    assertThat(err.toString())
        .isEqualToIgnoringNewLines(
            "rephrase: command line: guidance.rho must be in (0, 1], got 2.0");
  }

  @Test
  void aMissingFileIsTheUsersMistake() {
    assertThat(run("config", "--config", "none.conf")).isEqualTo(2);
    assertThat(err.toString()).contains("none.conf: there is no such file");
  }

  @Test
  void anUnknownOptionOrCommandIsAUsageMistake() {
    assertThat(run("config", "--colour")).isEqualTo(2);
    assertThat(err.toString()).contains("--colour").contains("See: rephrase config --help");
    assertThat(run("itarate")).isEqualTo(2);
    assertThat(err.toString()).contains("Did you mean: rephrase iterate or");
    assertThat(run()).isEqualTo(2);
    assertThat(err.toString()).contains("name a command");
  }

  @Test
  void aNumberThatCannotBeIsRefusedBeforeSparkStarts() {
    assertThat(run("report", "--run=arena", "--groups=-1")).isEqualTo(2);
    assertThat(err.toString()).contains("--groups must not be negative, got -1");
  }

  @Test
  void everyCommandHasHelpWithAnExample() {
    new CommandLine(new Main())
        .getSubcommands()
        .forEach(
            (name, command) -> {
              if (!name.equals("help")) {
                assertThat(command.getUsageMessage())
                    .as(name)
                    .contains("Usage: rephrase " + name)
                    .contains("  rephrase " + name);
              }
            });
  }

  @Test
  void aDryRunCountsTokensAndMakesNoFolder(@TempDir Path folder) {
    Path warehouse = folder.resolve("warehouse");

    int exitCode =
        run(
            "iterate",
            "--dry-run",
            "--config",
            Path.of("..", "conf", "arena.conf").toString(),
            "--warehouse",
            warehouse.toString());

    assertThat(exitCode).isZero();
    // 32 prompts x 8 rollouts = 256, x 72 tokens = 18,432; 32 x 72 = 2,304; x 20 iterations.
    assertThat(out.toString().replaceAll(" +", " "))
        .contains("rollouts 256 x 72 tokens = 18,432 tokens")
        .contains("rephrasings 32 x 72 tokens = 2,304 tokens (hard-only)")
        .contains("trains on 256 completions 18,432 tokens")
        .contains("the run samples at most 414,720 tokens")
        .contains("evaluates 21 policies on arena: dataset arena, split test")
        .contains("nothing was written");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void planOfImitationCountsTheExpertsSolutions() {
    String arena = Path.of("..", "conf", "arena.conf").toString();

    int exitCode = run("iterate", "--dry-run", "--config", arena, "algorithm.preset=sft");

    assertThat(exitCode).isZero();
    // Nothing is sampled: each of the 32 prompts' experts is imitated.
    assertThat(out.toString().replaceAll(" +", " "))
        .contains("rollouts 0 x 72 tokens = 0 tokens")
        .contains(
            "trains on 0 completions 0 tokens, forward and backward, and 32 experts' solutions")
        .contains("the run samples at most 0 tokens");
  }

  @Test
  void aWarehouseThatCannotBeWrittenIsFoundByTheDoctor(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "no folder");
    Finding finding =
        new Doctor(file.resolve("warehouse"))
            .examine().stream()
                .filter(one -> one.subject().equals("warehouse"))
                .findFirst()
                .orElseThrow();
    assertThat(finding.failed()).isTrue();
    assertThat(finding.asText()).contains(file.toString()).contains("--warehouse");
  }

  private int run(String... arguments) {
    return Main.run(new PrintWriter(out), new PrintWriter(err), arguments);
  }
}
