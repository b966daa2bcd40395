package io.rephrase.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.Gson;
import io.rephrase.CheckpointException;
import io.rephrase.arena.EmbeddedPolicy;
import io.rephrase.data.Checkpoint;
import io.rephrase.jobs.spark.SparkTestSession;
import io.rephrase.jobs.table.Tables;
import io.rephrase.jobs.table.Warehouse;
import io.rephrase.model.ModelOptions;
import io.rephrase.model.PolicyModel;
import io.rephrase.model.PolicyModels;
import io.rephrase.training.CheckpointFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Saved policies in a warehouse that this machine does not see as a local folder. */
class CheckpointStoreIT {

  @TempDir Path folder;

  @Test
  void aPolicySavedHereIsKeptElsewhereAndTakenUpFromThere() throws IOException {
    Warehouse warehouse = Warehouse.open(SparkTestSession.get(), "shared:" + folder);
    CheckpointStore store = new CheckpointStore(warehouse, "far");
    Path scratch = store.savingFolder();

    CheckpointStore.Kept kept = store.keep(save(scratch, "far/train/0/0/0"));

    String name = kept.saved().manifest().policyVersion() + "-";
    assertThat(kept.policy())
        .startsWith("shared:" + folder + "/_checkpoints/far/" + name)
        .endsWith("/policy");
    assertThat(scratch).as("the copy it was saved to").doesNotExist();
    assertThat(store.finished(1, "far/train/0/0/0")).contains(kept);
    assertThat(store.finished(1, "far/train/0/1/0")).as("of a redo").isEmpty();
    assertThat(store.finished(2, "far/train/0/0/0")).isEmpty();

    Checkpoint row = published(warehouse, kept);
    assertThat(row.path()).isEqualTo(kept.policy());
    assertThat(warehouse.read(Tables.CHECKPOINTS).selectExpr("path").first().getString(0))
        .as("relative to the warehouse")
        .startsWith("_checkpoints/far/" + name);
    assertThat(store.trained(row).manifest()).isEqualTo(kept.saved().manifest());
    assertThat(store.policy(row).resolve("config.json")).exists();
  }

  @Test
  void whatWasSavedHereIsNotDownloadedAgain() throws IOException {
    Warehouse warehouse = Warehouse.open(SparkTestSession.get(), "shared:" + folder);
    CheckpointStore store = new CheckpointStore(warehouse, "far");
    CheckpointFolder saved = neverSeen(store.savingFolder());
    Object weights = inode(saved.policy());

    CheckpointStore.Kept kept = store.keep(saved);
    Checkpoint row = published(warehouse, kept);

    assertThat(inode(kept.saved().policy())).isEqualTo(weights);
    assertThat(inode(store.trained(row).policy())).isEqualTo(weights);
    assertThat(inode(store.policy(row))).as("as executors find it").isEqualTo(weights);
  }

  /** A folder that no earlier test left in this machine's cache. */
  private static CheckpointFolder neverSeen(Path parent) throws IOException {
    Path saved = parent.resolve("1-" + UUID.randomUUID());
    Path weights = Files.createDirectories(saved.resolve("policy")).resolve("model.safetensors");
    Files.writeString(weights, saved.toString());
    CheckpointFolder.Manifest manifest =
        new CheckpointFolder.Manifest(
            "far/train/0/0/0",
            1,
            4,
            Map.of("policy/model.safetensors", CheckpointFolder.sha256(weights)));
    Files.writeString(saved.resolve(CheckpointFolder.MANIFEST), new Gson().toJson(manifest));
    return new CheckpointFolder(saved, manifest);
  }

  private static Object inode(Path policy) throws IOException {
    return Files.getAttribute(policy.resolve("model.safetensors"), "unix:ino");
  }

  @Test
  void anUploadThatWasCutOffIsNotTakenUpAndATamperedOneIsRefused() throws IOException {
    Warehouse warehouse = Warehouse.open(SparkTestSession.get(), "shared:" + folder);
    CheckpointStore store = new CheckpointStore(warehouse, "cut");
    CheckpointStore.Kept kept = store.keep(save(store.savingFolder(), "cut/train/0/0/0"));
    Path there = Path.of(kept.policy().substring("shared:".length())).getParent();

    // The manifest travels last: without it some file may be missing.
    Path manifest = there.resolve(CheckpointFolder.MANIFEST);
    String text = Files.readString(manifest);
    Files.delete(manifest);
    assertThat(store.finished(1, "cut/train/0/0/0")).isEmpty();

    Files.writeString(manifest, text.replace("\"steps\": 4", "\"steps\": 5"));
    Files.writeString(there.resolve("steps.json"), "[1]");
    Files.writeString(manifest, text.replaceAll("(\"steps.json\": \")..", "$100"));
    assertThatThrownBy(() -> store.finished(1, "cut/train/0/0/0"))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("steps.json has sha-256 ");
  }

  private static CheckpointFolder save(Path parent, String madeBy) throws IOException {
    Path first = Files.createTempDirectory("embedded-").resolve("policy");
    EmbeddedPolicy.extractTo(first);
    try (PolicyModel model =
        PolicyModels.openForTraining(first, ModelOptions.defaults().on("cpu"))) {
      return CheckpointFolder.save(
          parent, new CheckpointFolder.Progress(madeBy, 1, 4), model, "[]");
    }
  }

  private static Checkpoint published(Warehouse warehouse, CheckpointStore.Kept kept) {
    warehouse
        .controlTables()
        .publish(
            new Checkpoint(
                "far",
                1,
                kept.policy(),
                Optional.of(0),
                Optional.of(kept.optimizer()),
                Instant.now(),
                Map.copyOf(kept.saved().policySha256())));
    return warehouse.controlTables().checkpoint("far", 1).orElseThrow();
  }
}
