package io.rephrase.jobs.spark;

import io.rephrase.CheckpointException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;

/**
 * Checkpoint folders as local folders. A local path is used where it lies; anything else is
 * downloaded once a node into a folder named by its contents, under a file lock, each file's
 * SHA-256 checked before the folder is used. Thread-safe.
 */
public final class CheckpointCache {

  private static final String COMPLETE = ".complete";

  private final Path root;
  private final Configuration hadoop;

  public CheckpointCache(Path root, Configuration hadoop) {
    this.root = root;
    this.hadoop = hadoop;
  }

  /** The cache of this node: below {@code java.io.tmpdir}, shared by all executors. */
  public static CheckpointCache ofNode(Configuration hadoop) {
    return new CheckpointCache(
        Path.of(System.getProperty("java.io.tmpdir"), "rephrase-checkpoints"), hadoop);
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
      return Path.of(remote.toUri().getPath());
    }
    try {
      return downloaded(remote, sha256);
    } catch (IOException e) {
      throw new UncheckedIOException("downloading checkpoint " + folder, e);
    }
  }

  /** Whether a path is one of this machine. */
  public static boolean isLocal(String path) {
    String scheme = new org.apache.hadoop.fs.Path(path).toUri().getScheme();
    return scheme == null || scheme.equals("file");
  }

  private Path downloaded(org.apache.hadoop.fs.Path remote, Map<String, String> sha256)
      throws IOException {
    Path target = root.resolve(name(sha256));
    Files.createDirectories(root);
    try (FileChannel channel =
            FileChannel.open(
                root.resolve(target.getFileName() + ".lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      if (lock.isValid() && !Files.exists(target.resolve(COMPLETE))) {
        Files.createDirectories(target);
        for (Map.Entry<String, String> file : sha256.entrySet()) {
          download(remote, file.getKey(), file.getValue(), target);
        }
        Files.createFile(target.resolve(COMPLETE));
      }
    }
    return target;
  }

  private void download(org.apache.hadoop.fs.Path remote, String name, String expected, Path target)
      throws IOException {
    org.apache.hadoop.fs.Path source = new org.apache.hadoop.fs.Path(remote, name);
    FileSystem files = source.getFileSystem(hadoop);
    MessageDigest digest = sha256();
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
    MessageDigest digest = sha256();
    new TreeMap<>(sha256)
        .forEach(
            (file, hash) ->
                digest.update(
                    (file + hash + "\n").getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    return HexFormat.of().formatHex(digest.digest()).substring(0, 32);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
