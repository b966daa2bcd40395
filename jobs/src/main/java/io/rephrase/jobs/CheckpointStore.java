package io.rephrase.jobs;

import io.rephrase.Folders;
import io.rephrase.data.Checkpoint;
import io.rephrase.jobs.spark.CheckpointCache;
import io.rephrase.jobs.table.Warehouse;
import io.rephrase.training.CheckpointFolder;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folders of one run's saved policies. In a local warehouse the trainer saves in place.
 * Anywhere else it saves to a folder of this machine, which is uploaded, its manifest last, so that
 * a folder with a manifest is whole wherever it is. Belongs to the driver.
 */
final class CheckpointStore {

  private static final Logger log = LoggerFactory.getLogger(CheckpointStore.class);

  private final String folder;
  private final Optional<Path> local;
  private final Configuration hadoop;
  private final CheckpointCache cache;

  CheckpointStore(Warehouse warehouse, String runId) {
    this.folder = warehouse.checkpointsRoot() + "/" + runId;
    this.local = warehouse.localRoot().map(root -> root.resolve("_checkpoints").resolve(runId));
    this.hadoop = warehouse.session().sparkContext().hadoopConfiguration();
    this.cache = CheckpointCache.ofNode(hadoop);
  }

  /**
   * A saved policy, where it is kept.
   *
   * @param policy its Hugging Face folder
   * @param optimizer its optimizer's state
   * @param saved the same on this machine
   */
  record Kept(String policy, String optimizer, CheckpointFolder saved) {}

  /** Where a trainer, or whoever makes a policy, saves: a folder of this machine. */
  Path savingFolder() {
    try {
      return local.isPresent()
          ? Files.createDirectories(local.get())
          : Files.createTempDirectory("rephrase-saving-");
    } catch (IOException e) {
      throw new UncheckedIOException("making a folder to save a checkpoint in", e);
    }
  }

  /** Keeps what was saved below {@link #savingFolder}. */
  Kept keep(CheckpointFolder saved) {
    if (local.isPresent()) {
      return inPlace(saved);
    }
    String name = saved.folder().getFileName().toString();
    upload(saved.folder(), new org.apache.hadoop.fs.Path(folder, name));
    Path copy = cache.moved(saved.folder(), saved.manifest().sha256());
    deleteScratch(saved.folder());
    return kept(folder + "/" + name, withPolicy(new CheckpointFolder(copy, saved.manifest())));
  }

  /**
   * Keeps a bare Hugging Face folder {@code <number>-<uuid>/policy}; returns where it is.
   *
   * @param sha256 of each of its files by name
   */
  String keepBare(Path policy, Map<String, String> sha256) {
    if (local.isPresent()) {
      return policy.toString();
    }
    Path saved = Objects.requireNonNull(policy.getParent());
    String name = Objects.requireNonNull(saved.getFileName()).toString();
    upload(saved, new org.apache.hadoop.fs.Path(folder, name));
    cache.moved(policy, sha256);
    deleteScratch(saved);
    return folder + "/" + name + "/" + policy.getFileName();
  }

  /** The whole, undamaged folder of a policy version that the training {@code madeBy} saved. */
  Optional<Kept> finished(int policyVersion, String madeBy) {
    if (local.isPresent()) {
      return CheckpointFolder.finished(local.get(), policyVersion).stream()
          .filter(saved -> saved.manifest().madeBy().equals(madeBy))
          .findFirst()
          .map(CheckpointStore::inPlace);
    }
    return uploaded(policyVersion).stream()
        .filter(remote -> manifest(remote).madeBy().equals(madeBy))
        .findFirst()
        .map(remote -> kept(remote.toString(), downloaded(remote)));
  }

  /** A policy's Hugging Face folder on this machine. */
  Path policy(Checkpoint checkpoint) {
    return cache.local(checkpoint.path(), checkpoint.sha256());
  }

  /** A trained policy's whole folder on this machine, its files checked against its manifest. */
  CheckpointFolder trained(Checkpoint checkpoint) {
    org.apache.hadoop.fs.Path whole = new org.apache.hadoop.fs.Path(checkpoint.path()).getParent();
    return CheckpointCache.isLocal(checkpoint.path())
        ? CheckpointFolder.verified(CheckpointCache.localPath(whole.toString()))
        : downloaded(whole);
  }

  /**
   * Whether there was an optimizer's state at {@code path}; it is deleted, or that is warned of.
   */
  boolean deleteOptimizer(String path) {
    try {
      if (!CheckpointCache.isLocal(path)) {
        org.apache.hadoop.fs.Path state = new org.apache.hadoop.fs.Path(path);
        return state.getFileSystem(hadoop).delete(state, true);
      }
      Path here = CheckpointCache.localPath(path);
      boolean there = Files.exists(here);
      Folders.delete(here);
      return there;
    } catch (IOException kept) {
      log.warn("an old optimizer state stays, delete {} by hand: {}", path, kept.toString());
      return true;
    }
  }

  private static Kept inPlace(CheckpointFolder saved) {
    return kept(saved.folder().toString(), saved);
  }

  private static Kept kept(String folder, CheckpointFolder saved) {
    return new Kept(
        folder + "/" + saved.policy().getFileName(),
        folder + "/" + saved.optimizer().getFileName(),
        saved);
  }

  private List<org.apache.hadoop.fs.Path> uploaded(int policyVersion) {
    org.apache.hadoop.fs.Path parent = new org.apache.hadoop.fs.Path(folder);
    try {
      FileSystem files = parent.getFileSystem(hadoop);
      return Stream.of(files.listStatus(parent))
          .map(FileStatus::getPath)
          .filter(path -> path.getName().startsWith(policyVersion + "-"))
          .filter(
              path -> exists(files, new org.apache.hadoop.fs.Path(path, CheckpointFolder.MANIFEST)))
          .sorted()
          .toList();
    } catch (FileNotFoundException none) {
      return List.of();
    } catch (IOException e) {
      throw new UncheckedIOException("listing " + parent, e);
    }
  }

  private static boolean exists(FileSystem files, org.apache.hadoop.fs.Path path) {
    try {
      return files.exists(path);
    } catch (IOException e) {
      throw new UncheckedIOException("looking for " + path, e);
    }
  }

  private CheckpointFolder.Manifest manifest(org.apache.hadoop.fs.Path remote) {
    return CheckpointFolder.Manifest.parse(remote.toString(), manifestText(remote));
  }

  private String manifestText(org.apache.hadoop.fs.Path remote) {
    org.apache.hadoop.fs.Path file =
        new org.apache.hadoop.fs.Path(remote, CheckpointFolder.MANIFEST);
    try (InputStream in = file.getFileSystem(hadoop).open(file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + file, e);
    }
  }

  private CheckpointFolder downloaded(org.apache.hadoop.fs.Path remote) {
    Path copy = cache.local(remote.toString(), manifest(remote).sha256());
    Path file = copy.resolve(CheckpointFolder.MANIFEST);
    try {
      if (!Files.exists(file)) {
        Files.writeString(file, manifestText(remote));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("writing " + file, e);
    }
    return withPolicy(CheckpointFolder.verified(copy));
  }

  /** Lets {@link #policy}, here and on executors of this machine, find what is here already. */
  private CheckpointFolder withPolicy(CheckpointFolder copy) {
    cache.linked(copy.policy(), copy.policySha256());
    return copy;
  }

  private void upload(Path from, org.apache.hadoop.fs.Path to) {
    try (Stream<Path> walk = Files.walk(from)) {
      FileSystem files = to.getFileSystem(hadoop);
      List<Path> manifestLast =
          walk.filter(Files::isRegularFile)
              .sorted(Comparator.comparing((Path file) -> file.endsWith(CheckpointFolder.MANIFEST)))
              .toList();
      for (Path file : manifestLast) {
        files.copyFromLocalFile(
            new org.apache.hadoop.fs.Path(file.toUri()),
            new org.apache.hadoop.fs.Path(to, from.relativize(file).toString()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("uploading " + from + " to " + to, e);
    }
  }

  private static void deleteScratch(Path saved) {
    Path scratch = Objects.requireNonNull(saved.getParent());
    try {
      Folders.delete(scratch);
    } catch (IOException e) {
      throw new UncheckedIOException("deleting " + scratch, e);
    }
  }
}
