package io.rephrase.jobs.spark;

import io.rephrase.CheckpointException;
import io.rephrase.data.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;

/**
 * Checkpoint folders as local folders. A local path is used where it lies; anything else is
 * downloaded once a node into a folder named by its contents, each file's SHA-256 checked before
 * the folder is used. Of these only a few stay, see {@link NodeFolders}: ask again before each use.
 * Thread-safe.
 */
public final class CheckpointCache {

  private final NodeFolders folders;
  private final Configuration hadoop;

  public CheckpointCache(Path root, Configuration hadoop) {
    this.folders = new NodeFolders(root);
    this.hadoop = hadoop;
  }

  /** The cache of this node: below {@code java.io.tmpdir}, shared by all executors of a user. */
  public static CheckpointCache ofNode(Configuration hadoop) {
    String name = "rephrase-checkpoints-" + System.getProperty("user.name", "");
    return new CheckpointCache(
        Path.of(System.getProperty("java.io.tmpdir"), name.replaceAll("[^\\w.-]", "_")), hadoop);
  }

  /**
   * A local folder with the files of {@code folder}.
   *
   * @param sha256 of each file by name, as the checkpoint's row says
   * @throws CheckpointException if a file is missing or has another hash
   */
  public Path local(String folder, Map<String, String> sha256) {
    org.apache.hadoop.fs.Path remote = new org.apache.hadoop.fs.Path(folder);
    if (isLocal(folder)) {
      return localPath(folder);
    }
    return use(
        "downloading checkpoint " + folder, sha256, target -> download(remote, sha256, target));
  }

  /**
   * Takes a folder of this machine in, as {@link #local} would from where it was uploaded to.
   *
   * @param saved is moved, and must be on the cache's disk
   * @param sha256 of each of its files by name
   */
  public Path moved(Path saved, Map<String, String> sha256) {
    return use(
        "moving " + saved + " to the checkpoints of this machine",
        sha256,
        target -> Files.move(saved, target));
  }

  /**
   * Takes a folder within a cached one in by itself, by hard links: it takes no room of its own.
   *
   * @param sha256 of each of its files by name
   */
  public Path linked(Path part, Map<String, String> sha256) {
    return use(
        "linking " + part + " as a checkpoint of this machine",
        sha256,
        target -> {
          for (String file : sha256.keySet()) {
            Path link = target.resolve(file);
            Files.createDirectories(link.getParent());
            Files.createLink(link, part.resolve(file));
          }
        });
  }

  private Path use(String doing, Map<String, String> sha256, NodeFolders.Filling filling) {
    try {
      return folders.use(name(sha256), filling);
    } catch (IOException e) {
      throw new UncheckedIOException(doing, e);
    }
  }

  /** Whether a path is one of this machine. */
  public static boolean isLocal(String path) {
    String scheme = new org.apache.hadoop.fs.Path(path).toUri().getScheme();
    return scheme == null || scheme.equals("file");
  }

  /** The path on this machine of one that {@link #isLocal}, with or without {@code file:}. */
  public static Path localPath(String path) {
    return Path.of(new org.apache.hadoop.fs.Path(path).toUri().getPath());
  }

  private void download(org.apache.hadoop.fs.Path remote, Map<String, String> sha256, Path target)
      throws IOException {
    Files.createDirectories(target);
    for (Map.Entry<String, String> file : sha256.entrySet()) {
      download(remote, file.getKey(), file.getValue(), target);
    }
  }

  private void download(org.apache.hadoop.fs.Path remote, String name, String expected, Path target)
      throws IOException {
    org.apache.hadoop.fs.Path source = new org.apache.hadoop.fs.Path(remote, name);
    FileSystem files = source.getFileSystem(hadoop);
    MessageDigest digest = Sha256.digest();
    Path copy = target.resolve(name);
    Files.createDirectories(copy.getParent());
    try (InputStream in = new DigestInputStream(files.open(source), digest)) {
      Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
    }
    String actual = HexFormat.of().formatHex(digest.digest());
    if (!actual.equals(expected)) {
      throw new CheckpointException(
          "%s has sha-256 %s, and the checkpoints table says %s: the file was changed after it was saved; restore it, or redo the iteration that made it"
              .formatted(source, actual, expected));
    }
  }

  private static String name(Map<String, String> sha256) {
    MessageDigest digest = Sha256.digest();
    new TreeMap<>(sha256)
        .forEach(
            (file, hash) ->
                digest.update(
                    (file + hash + "\n").getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    return HexFormat.of().formatHex(digest.digest()).substring(0, 32);
  }
}
