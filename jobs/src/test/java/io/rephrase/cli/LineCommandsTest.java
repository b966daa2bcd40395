package io.rephrase.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.rephrase.arena.EmbeddedPolicy;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LineCommandsTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  @TempDir private Path folder;

  @Test
  void generateAndScoreReadAndWriteLines() throws IOException {
    EmbeddedPolicy.extractTo(folder.resolve("policy"));
    Path input = folder.resolve("in.jsonl");
    Path output = folder.resolve("out.jsonl");
    Files.writeString(input, "{\"id\":\"a\",\"prompt\":\"3+1=\",\"completion\":\"4\"}\nbad\n");
    assertThat(run("generate", input, output, "--greedy", "--samples", "2")).isZero();
    assertThat(Files.readAllLines(output)).hasSize(3).last().asString().startsWith("{\"line\":2,");
    assertThat(err.toString()).contains("tokens=").contains("prefill_tokens_per_cpu_second=");
    assertThat(run("score", input, Path.of("-"))).isZero();
    assertThat(out.toString())
        .startsWith("{\"id\":\"a\",\"log_probs\":[-")
        .contains("\"perplexity\":");
  }

  @Test
  void aRunWhoseLinesAllFailEndsWithTwo() throws IOException {
    EmbeddedPolicy.extractTo(folder.resolve("policy"));
    Path input = folder.resolve("in.jsonl");
    Files.writeString(input, "bad\n");
    assertThat(run("score", input, Path.of("-"))).isEqualTo(2);
    assertThat(run("generate", input, Path.of("-"))).isEqualTo(2);
  }

  @Test
  void aWrongNumberOrTheInputAsOutputIsTheUsersMistake() throws IOException {
    EmbeddedPolicy.extractTo(folder.resolve("policy"));
    Path input = folder.resolve("in.jsonl");
    Files.writeString(input, "{}\n");
    assertThat(run("generate", input, Path.of("-"), "--temperature", "0")).isEqualTo(2);
    assertThat(err.toString()).contains("temperature must be > 0, got 0.0; use 1.0 to sample");
    assertThat(run("score", input, input)).isEqualTo(2);
    assertThat(err.toString()).contains("is the input itself and would overwrite it");
    assertThat(Files.readString(input)).isEqualTo("{}\n");
    assertThat(run("score", folder.resolve("none"), Path.of("-"))).isEqualTo(2);
    assertThat(err.toString()).contains("none: there is no such file");
  }

  private int run(String command, Path input, Path output, String... more) {
    String[] arguments = {
      command,
      "--checkpoint",
      folder.resolve("policy").toString(),
      "--device",
      "cpu",
      "--input",
      input.toString(),
      "--output",
      output.toString()
    };
    String[] all = Arrays.copyOf(arguments, arguments.length + more.length);
    System.arraycopy(more, 0, all, arguments.length, more.length);
    return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), all);
  }
}
