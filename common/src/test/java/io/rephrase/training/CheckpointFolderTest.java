package io.rephrase.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rephrase.CheckpointException;
import io.rephrase.model.PolicyModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointFolderTest {

  @TempDir Path parent;

  @Test
  void savedFolderIsFoundAgainWithItsCounters() {
    CheckpointFolder saved =
        CheckpointFolder.save(
            parent, new CheckpointFolder.Progress("run/train", 3, 17), new BigramPolicy(3), "[]");
    CheckpointFolder read = CheckpointFolder.verified(saved.folder());
    assertThat(read.manifest()).isEqualTo(saved.manifest());
    assertThat(read.manifest().policyVersion()).isEqualTo(3);
    assertThat(read.manifest().steps()).isEqualTo(17);
    assertThat(read.policySha256()).containsOnlyKeys("weights.txt");
    assertThat(read.folder().getFileName().toString()).startsWith("3-");
    assertThat(CheckpointFolder.finished(parent, 3)).containsExactly(read);
    assertThat(CheckpointFolder.finished(parent, 4)).isEmpty();
  }

  @Test
  void whatCouldNotBeSavedWholeIsRemoved() throws IOException {
    PolicyModel onAFullDisk =
        new BigramPolicy(3) {
          @Override
          public void saveOptimizer(Path folder) {
            throw new UncheckedIOException(new IOException("No space left on device"));
          }
        };
    assertThatThrownBy(
            () ->
                CheckpointFolder.save(
                    parent, new CheckpointFolder.Progress("run/train", 1, 1), onAFullDisk, "[]"))
        .hasMessageContaining("No space left on device");
    assertThat(parent).isEmptyDirectory();
  }

  @Test
  void changedFileIsNamedAndRefused() throws IOException {
    CheckpointFolder saved =
        CheckpointFolder.save(
            parent, new CheckpointFolder.Progress("run/train", 1, 1), new BigramPolicy(3), "[]");
    Files.writeString(saved.policy().resolve("weights.txt"), "other");
    assertThatThrownBy(() -> CheckpointFolder.verified(saved.folder()))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("weights.txt has sha-256")
        .hasMessageContaining("restore it");
    assertThat(CheckpointFolder.finished(parent, 1)).isEmpty();
  }

  @Test
  void missingFileIsRefused() throws IOException {
    CheckpointFolder saved =
        CheckpointFolder.save(
            parent, new CheckpointFolder.Progress("run/train", 1, 1), new BigramPolicy(3), "[]");
    Files.delete(saved.optimizer().resolve("moments.txt"));
    assertThatThrownBy(() -> CheckpointFolder.verified(saved.folder()))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("moments.txt has sha-256 no file");
  }

  @Test
  void folderWithoutAManifestWasNeverFinished() throws IOException {
    CheckpointFolder saved =
        CheckpointFolder.save(
            parent, new CheckpointFolder.Progress("run/train", 1, 1), new BigramPolicy(3), "[]");
    Files.delete(saved.folder().resolve("manifest.json"));
    assertThatThrownBy(() -> CheckpointFolder.verified(saved.folder()))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("it was never finished");
  }

  @Test
  void twoSavesOfOneVersionNeverMeet() {
    CheckpointFolder one =
        CheckpointFolder.save(
            parent, new CheckpointFolder.Progress("run/train", 2, 5), new BigramPolicy(3), "[]");
    CheckpointFolder two =
        CheckpointFolder.save(
            parent, new CheckpointFolder.Progress("run/train", 2, 5), new BigramPolicy(3), "[]");
    assertThat(one.folder()).isNotEqualTo(two.folder());
    assertThat(CheckpointFolder.finished(parent, 2)).hasSize(2);
  }
}
