package io.rephrase.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.rephrase.arena.EmbeddedPolicy;
import io.rephrase.jobs.JudgeServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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

  @Test
  void whatFailsBeforeTheFirstAnswerLeavesTheOutputAsItWas() throws IOException {
    EmbeddedPolicy.extractTo(folder.resolve("policy"));
    Files.writeString(folder.resolve("policy/tokenizer.json"), "{");
    Path input = Files.writeString(folder.resolve("in.jsonl"), "{\"id\":1,\"prompt\":\"3+1=\"}\n");
    Path output = Files.writeString(folder.resolve("out.jsonl"), "yesterday's\n");
    assertThat(run("generate", input, output)).isEqualTo(2);
    assertThat(err.toString()).contains("cannot be read as a Hugging Face tokenizer");
    assertThat(output).hasContent("yesterday's");
    assertThat(run("score", input, folder.resolve("new.jsonl"))).isEqualTo(2);
    assertThat(folder.resolve("new.jsonl")).doesNotExist();
  }

  @Test
  void anInputWithoutLinesHasAnEmptyOutput() throws IOException {
    Path input = Files.writeString(folder.resolve("in.jsonl"), "");
    Path output = Files.writeString(folder.resolve("out.jsonl"), "yesterday's\n");
    assertThat(grade(input.toString(), output.toString())).isZero();
    assertThat(output).isEmptyFile();
  }

  @Test
  void aPipeIsWrittenToItsReader() throws Exception {
    Path pipe = folder.resolve("pipe");
    assumeTrue(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0);
    Path read = folder.resolve("read");
    Process reader =
        new ProcessBuilder("cat", pipe.toString()).redirectOutput(read.toFile()).start();
    Path input = Files.writeString(folder.resolve("in.jsonl"), "bad\n");

    assertThat(grade(input.toString(), pipe.toString())).isEqualTo(2);

    assertThat(reader.waitFor()).isZero();
    assertThat(read).content().startsWith("{\"line\":1,");
  }

  @Test
  void problemsThatADiskDoesNotTakeAreNoSuccess() {
    assumeTrue(Files.exists(Path.of("/dev/full")));
    int exitCode =
        Main.run(
            new PrintWriter(out),
            new PrintWriter(err),
            "problems",
            "--world=arena",
            "--difficulties=4",
            "--output=/dev/full");
    assertThat(exitCode).isEqualTo(2);
    assertThat(err.toString()).contains("/dev/full did not take all problems");
  }

  @Test
  void aWarmStartThatCannotBeSavedIsNotBegun() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    int exitCode =
        Main.run(
            new PrintWriter(out),
            new PrintWriter(err),
            "warm-start",
            "--output",
            file.resolve("policy").toString());
    assertThat(exitCode).isEqualTo(2);
    assertThat(err.toString()).doesNotContain("warm start").contains(file.toString());
  }

  @Test
  void aJudgeGradesLinesOfAFile() throws IOException {
    Path input = folder.resolve("in.jsonl");
    Files.writeString(
        input,
        "{\"id\":1,\"question\":\"8+9:\",\"gold\":\"17\",\"completion\":\"#17\"}\n"
            + "{\"id\":2,\"question\":\"8+9:\",\"gold\":\"17\",\"completion\":\"#18\"}\n");
    try (JudgeServer judge = new JudgeServer()) {
      judge.mend();
      assertThat(grade(input.toString(), "-", "--verifier=llm-judge")).isEqualTo(2);
      assertThat(err.toString())
          .contains("--verifier llm-judge asks a model, and none is named; add judge.url=");
      assertThat(
              grade(
                  input.toString(),
                  "-",
                  "--verifier=llm-judge",
                  "judge.url=\"" + judge.url() + "\"",
                  "judge.model=arena"))
          .as(err.toString())
          .isZero();
    }
    assertThat(out)
        .hasToString(
            """
            {"id":1,"reward":1.0,"extracted":null,"rule":"judge-verdict","status":"correct","judge_answer":"The answer is #17.\\nVerdict: correct"}
            {"id":2,"reward":0.0,"extracted":null,"rule":"judge-verdict","status":"wrong","judge_answer":"The answer is #18.\\nVerdict: wrong"}
            """);
  }

  @Test
  void anIdThatUtf8CannotHoldComesBackAsItWasEscapedAndTheNextLineFollows() throws IOException {
    EmbeddedPolicy.extractTo(folder.resolve("policy"));
    String rest = ",\"prompt\":\"3+1=\",\"completion\":\"4\",\"gold\":\"4\"}\n";
    Path input = folder.resolve("in.jsonl");
    Files.writeString(input, "{\"id\":\"b\\ud800\"" + rest + "{\"id\":\"c\"" + rest);
    Path output = folder.resolve("out.jsonl");
    for (String command : List.of("grade", "generate", "score")) {
      int exitCode =
          command.equals("grade")
              ? grade(input.toString(), output.toString())
              : run(command, input, output);
      assertThat(exitCode).as(command + ": " + err).isZero();
      List<String> lines = Files.readAllLines(output);
      assertThat(lines).as(command).hasSize(2);
      assertThat(lines.get(0)).startsWith("{\"id\":\"b\\ud800\",");
      assertThat(lines.get(1)).startsWith("{\"id\":\"c\",");
    }
  }

  @Test
  void aFullDiskBehindStandardOutputIsNoSuccess() throws IOException {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.exists(full), "skipped: this system has no /dev/full");
    Path input = folder.resolve("in.jsonl");
    Files.writeString(input, "{\"id\":1,\"gold\":\"2\",\"completion\":\"2\"}\n");
    PrintWriter messages = new PrintWriter(err, true);
    try (PrintWriter disk = new PrintWriter(Files.newOutputStream(full))) {
      assertThat(Main.run(disk, messages, "grade", "--input=" + input, "--output=-")).isEqualTo(2);
    }
    assertThat(err.toString()).contains("--output - did not take all lines; see that its disk");
    try (PrintWriter disk = new StandardOutput(Files.newOutputStream(full))) {
      assertThat(Main.run(disk, messages, "config")).isEqualTo(2);
    }
    assertThat(err.toString()).contains("standard output did not take all that was printed");
  }

  @Test
  void aReaderThatHasReadEnoughIsNoMistake() throws IOException {
    Path input = folder.resolve("in.jsonl");
    Files.writeString(input, "{\"id\":1,\"gold\":\"2\",\"completion\":\"2\"}\n");
    PrintWriter messages = new PrintWriter(err, true);
    for (List<String> command :
        List.of(List.of("grade", "--input=" + input, "--output=-"), List.of("config"))) {
      Pipe pipe = Pipe.open();
      pipe.source().close();
      try (PrintWriter printed = new StandardOutput(Channels.newOutputStream(pipe.sink()))) {
        // 128 + 13, SIGPIPE: what a shell says of other tools.
        assertThat(Main.run(printed, messages, command.toArray(String[]::new))).isEqualTo(141);
      }
    }
    assertThat(err.toString()).doesNotContain("rephrase:");
  }

  @Test
  void aFileThatIsNoneIsNamedByItsOption() throws IOException {
    Path input = folder.resolve("in.jsonl");
    Files.writeString(input, "{\"id\":1,\"gold\":\"2\",\"completion\":\"2\"}\n");
    assertThat(grade(folder.toString(), "-")).isEqualTo(2);
    assertThat(grade(input.toString(), folder.toString())).isEqualTo(2);
    assertThat(grade(input.toString(), folder.resolve("no/such").toString())).isEqualTo(2);
    assertThat(grade(input.toString(), folder + "/./in.jsonl")).isEqualTo(2);
    assertThat(grade("", "-")).isEqualTo(2);
    assertThat(err.toString())
        .contains("--input " + folder + " is a folder; name a file of JSON lines")
        .contains("--output " + folder + " is a folder; name a file")
        .contains("there is no folder " + folder.resolve("no") + "; make it first")
        .contains("in.jsonl is the input itself and would overwrite it")
        .contains("--input must name a file, or be - for the standard stream, got \"\"");
    assertThat(input).content().contains("completion");
  }

  @Test
  void aDeviceThatIsNotThereIsTheUsersMistake() throws IOException {
    EmbeddedPolicy.extractTo(folder.resolve("policy"));
    Path input = Files.writeString(folder.resolve("in.jsonl"), "");
    assertThat(
            Main.run(
                new PrintWriter(out, true),
                new PrintWriter(err, true),
                "score",
                "--checkpoint=" + folder.resolve("policy"),
                "--device=gpu99",
                "--input=" + input,
                "--output=-"))
        .isEqualTo(2);
    assertThat(err.toString()).contains("device gpu99 is not there: libtorch sees");
  }

  private int grade(String input, String output, String... more) {
    List<String> words =
        new ArrayList<>(List.of("grade", "--input=" + input, "--output=" + output));
    words.addAll(List.of(more));
    return Main.run(
        new PrintWriter(out, true), new PrintWriter(err, true), words.toArray(String[]::new));
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
