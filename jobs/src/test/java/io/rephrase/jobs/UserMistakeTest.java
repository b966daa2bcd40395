package io.rephrase.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.rephrase.InputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class UserMistakeTest {

  @Test
  void fullDiskIsTheUsersToPutRight() {
    IOException full = new IOException("No space left on device");
    assertThat(UserMistake.in(new IllegalStateException("task 3", new UncheckedIOException(full))))
        .hasValueSatisfying(message -> assertThat(message).startsWith("the disk is full"));
  }

  @Test
  void firstCauseThatIsAMistakeSpeaks() {
    assertThat(UserMistake.in(new IllegalStateException("stage", new InputException("no gold"))))
        .hasValue("no gold");
    assertThat(UserMistake.in(new UncheckedIOException(new NoSuchFileException("a.jsonl"))))
        .hasValue("a.jsonl: there is no such file; check the path");
  }

  @Test
  void anythingElseIsOurs() {
    assertThat(UserMistake.in(new IllegalStateException("a bug"))).isEmpty();
  }
}
