package io.rephrase.training;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import io.rephrase.CheckpointException;
import io.rephrase.Folders;
import io.rephrase.data.Sha256;
import io.rephrase.model.PolicyModel;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A saved policy version on local disk: {@code <policyVersion>-<uuid>/policy} is a Hugging Face
 * folder, {@code /optimizer} the moments and, where the folder rounds them, the weights; {@code
 * manifest.json} the SHA-256 of each file, written last. Nothing is renamed or overwritten: a
 * folder without a manifest was never finished.
 *
 * @param folder that holds all three
 * @param manifest of its files
 */
public record CheckpointFolder(Path folder, Manifest manifest) {

  /** File name of the manifest: a folder that has it is whole. */
  public static final String MANIFEST = "manifest.json";

  private static final String POLICY = "policy";
  private static final String OPTIMIZER = "optimizer";
  private static final String METRICS = "steps.json";
  private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();

  /**
   * What a folder claims to hold.
   *
   * @param madeBy the training that made it, as {@link Progress} names it
   * @param policyVersion of the weights
   * @param steps optimizer steps made up to this version
   * @param sha256 of each file, by its path within the folder
   */
  public record Manifest(String madeBy, int policyVersion, long steps, Map<String, String> sha256) {
    public Manifest {
      sha256 = new TreeMap<>(sha256);
    }

    /**
     * Reads the text of a manifest.
     *
     * @param folder it stands in, for the message
     * @throws CheckpointException if it is no manifest
     */
    public static Manifest parse(String folder, String text) {
      try {
        Manifest manifest = GSON.fromJson(text, Manifest.class);
        if (manifest != null) {
          return manifest;
        }
      } catch (JsonParseException e) {
        throw new CheckpointException(
            "%s/%s cannot be read: %s".formatted(folder, MANIFEST, e.getMessage()), e);
      }
      throw new CheckpointException(
          "%s/%s is empty: the folder was never finished; remove it".formatted(folder, MANIFEST));
    }
  }

  /**
   * How far a run has come.
   *
   * @param madeBy names the training that made the version, its redo included
   * @param policyVersion of the weights
   * @param steps optimizer steps made up to this version
   */
  public record Progress(String madeBy, int policyVersion, long steps) {}

  /** The Hugging Face folder. */
  public Path policy() {
    return folder.resolve(POLICY);
  }

  /** The optimizer's state. */
  public Path optimizer() {
    return folder.resolve(OPTIMIZER);
  }

  /** SHA-256 of the policy's own files, by file name. */
  public Map<String, String> policySha256() {
    Map<String, String> hashes = new TreeMap<>();
    manifest
        .sha256()
        .forEach(
            (file, hash) -> {
              if (file.startsWith(POLICY + "/")) {
                hashes.put(file.substring(POLICY.length() + 1), hash);
              }
            });
    return hashes;
  }

  /** What is kept beside the weights: the metrics of the steps that made them, as JSON. */
  public String metrics() {
    try {
      return Files.readString(folder.resolve(METRICS));
    } catch (IOException e) {
      throw new CheckpointException(folder.resolve(METRICS) + " cannot be read: " + e, e);
    }
  }

  /**
   * Saves weights, optimizer state and metrics into a fresh folder below {@code parent}; the
   * manifest is written last, and all of it is on disk when this returns.
   */
  public static CheckpointFolder save(
      Path parent, Progress progress, PolicyModel model, String metrics) {
    int policyVersion = progress.policyVersion();
    long steps = progress.steps();
    Path folder = parent.resolve(policyVersion + "-" + UUID.randomUUID());
    try {
      Files.createDirectories(folder);
      model.save(folder.resolve(POLICY));
      model.saveOptimizer(folder.resolve(OPTIMIZER));
      Folders.writeDurably(folder.resolve(METRICS), metrics);
      Map<String, String> hashes = new TreeMap<>();
      for (Path file : files(folder)) {
        hashes.put(folder.relativize(file).toString().replace('\\', '/'), sha256(file));
      }
      Manifest manifest = new Manifest(progress.madeBy(), policyVersion, steps, hashes);
      Folders.writeDurably(folder.resolve(MANIFEST), GSON.toJson(manifest));
      return new CheckpointFolder(folder, manifest);
    } catch (IOException e) {
      deleteUnfinished(folder, e);
      throw new UncheckedIOException("saving policy version " + policyVersion + " to " + folder, e);
    } catch (RuntimeException e) {
      deleteUnfinished(folder, e);
      throw e;
    }
  }

  /** Gives its room on the disk back: what filled the disk may have been this very folder. */
  private static void deleteUnfinished(Path folder, Exception why) {
    try {
      Folders.delete(folder);
    } catch (IOException e) {
      why.addSuppressed(e);
    }
  }

  /**
   * Opens a folder and checks every file against the manifest.
   *
   * @throws CheckpointException if there is no manifest, or a file is missing or changed
   */
  public static CheckpointFolder verified(Path folder) {
    Path file = folder.resolve(MANIFEST);
    if (!Files.isRegularFile(file)) {
      throw new CheckpointException(
          "%s has no %s: it was never finished; remove it, or use another"
              .formatted(folder, MANIFEST));
    }
    try {
      Manifest manifest = Manifest.parse(folder.toString(), Files.readString(file));
      for (Map.Entry<String, String> entry : manifest.sha256().entrySet()) {
        verify(folder.resolve(entry.getKey()), entry.getValue());
      }
      return new CheckpointFolder(folder, manifest);
    } catch (IOException e) {
      throw new CheckpointException(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** The finished folders of one policy version below {@code parent}, the damaged ones left out. */
  public static List<CheckpointFolder> finished(Path parent, int policyVersion) {
    if (!Files.isDirectory(parent)) {
      return List.of();
    }
    try (Stream<Path> folders = Files.list(parent)) {
      return folders
          .filter(folder -> folder.getFileName().toString().startsWith(policyVersion + "-"))
          .sorted()
          .flatMap(CheckpointFolder::verifiedOrNone)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("listing checkpoint folders of " + parent, e);
    }
  }

  private static Stream<CheckpointFolder> verifiedOrNone(Path folder) {
    try {
      return Stream.of(verified(folder));
    } catch (CheckpointException unfinished) {
      return Stream.empty();
    }
  }

  private static void verify(Path file, String expected) throws IOException {
    String actual = Files.isRegularFile(file) ? sha256(file) : "no file";
    if (!actual.equals(expected)) {
      throw new CheckpointException(
          "%s has sha-256 %s, and its manifest says %s: it was changed after it was saved; restore it, or redo the iteration that made it"
              .formatted(file, actual, expected));
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> walk = Files.walk(folder)) {
      return walk.filter(Files::isRegularFile).sorted().toList();
    }
  }

  /** SHA-256 of a file, hexadecimal. */
  public static String sha256(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return sha256(in);
    }
  }

  /** SHA-256 of what is left of a stream, hexadecimal. */
  public static String sha256(InputStream in) throws IOException {
    MessageDigest digest = Sha256.digest();
    byte[] buffer = new byte[1 << 16];
    for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
      digest.update(buffer, 0, read);
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
