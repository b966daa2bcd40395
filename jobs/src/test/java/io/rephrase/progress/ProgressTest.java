package io.rephrase.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProgressTest {

  @Test
  void aBarShowsShareRateAndTimeToGo() {
    // 16 of 32 in 4 s: half of 24 marks, 4 a second, the other 16 take 4 s more
    assertThat(new ProgressBar("rollout", 16, 32, "prompts", 4.0, "").asBar())
        .isEqualTo("rollout [############------------] 16/32 prompts  4.0/s  0:04 to go");
    assertThat(new ProgressBar("rollout", 16, 32, "prompts", 4.0, "reward=0.5").asLine())
        .isEqualTo("rollout: 16/32 prompts  4.0/s  0:04 to go  reward=0.5");
  }

  @Test
  void aStageOfUnknownSizeShowsItsTime() {
    assertThat(new ProgressBar("ingest", 0, 0, "rows", 3725, "").asLine())
        .isEqualTo("ingest: 1:02:05 so far");
  }

  @Test
  void aClosedStageLeavesOneLine() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Progress progress = Progress.asLines(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    try (ProgressStage stage = progress.stage("train", 2, "steps")) {
      stage.advance(2);
      stage.note("grad_norm=0.8");
    }
    assertThat(bytes.toString(StandardCharsets.UTF_8))
        .matches("train: 2 steps in \\d+\\.\\d s {2}grad_norm=0\\.8\\R");
  }
}
