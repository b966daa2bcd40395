package io.rephrase.jobs.table;

import io.delta.storage.HDFSLogStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;

/**
 * Delta's log on a local disk, for several processes at once: a commit becomes real by a hard link,
 * which fails where the version is taken. The log store that Delta takes by default looks first and
 * renames then, and of two commits of the same version one could be lost in silence. Where a disk
 * has no hard links it is left to do so. Thread-safe.
 */
public final class LocalLogStore extends HDFSLogStore {

  /** Delta and Delta Kernel make it by its name. */
  public LocalLogStore(Configuration configuration) {
    super(configuration);
  }

  @Override
  public void write(
      org.apache.hadoop.fs.Path path,
      Iterator<String> actions,
      Boolean overwrite,
      Configuration configuration)
      throws IOException {
    if (overwrite) {
      super.write(path, actions, true, configuration);
      return;
    }
    StringBuilder lines = new StringBuilder();
    actions.forEachRemaining(action -> lines.append(action).append('\n'));
    Path file = Path.of(path.toUri().getPath());
    Path scratch =
        file.resolveSibling(".%s.%s.tmp".formatted(file.getFileName(), UUID.randomUUID()));
    try {
      writeDurably(scratch, lines.toString());
      if (!link(file, scratch)) {
        super.write(path, lines.toString().lines().iterator(), false, configuration);
      }
    } finally {
      Files.deleteIfExists(scratch);
    }
  }

  private static void writeDurably(Path file, String text) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
  }

  /** Whether the disk has hard links. */
  private static boolean link(Path file, Path scratch) throws IOException {
    try {
      Files.createLink(file, scratch);
      return true;
    } catch (FileAlreadyExistsException taken) {
      throw taken;
    } catch (FileSystemException | UnsupportedOperationException none) {
      return false;
    }
  }
}
