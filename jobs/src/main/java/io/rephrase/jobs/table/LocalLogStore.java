package io.rephrase.jobs.table;

import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.storage.HDFSLogStore;
import io.rephrase.Folders;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Map;
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

  /**
   * What makes Spark and Delta Kernel use it for {@code file:}. Nothing where Delta lies on Spark's
   * own class path and this in the application's jar: Delta could not find it.
   *
   * @param oneForAll whether Delta is told one store for every scheme, beside which it refuses
   *     another
   */
  public static Map<String, String> settings(boolean oneForAll) {
    String name = LocalLogStore.class.getName();
    try {
      Class.forName(name, false, DefaultEngine.class.getClassLoader());
    } catch (ClassNotFoundException unseen) {
      return Map.of();
    }
    String kernel = "spark.hadoop.io.delta.kernel.logStore.file.impl";
    return oneForAll
        ? Map.of(kernel, name)
        : Map.of(kernel, name, "spark.delta.logStore.file.impl", name);
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
      Folders.writeDurably(scratch, lines.toString());
      if (!link(file, scratch)) {
        super.write(path, lines.toString().lines().iterator(), false, configuration);
      }
    } finally {
      Files.deleteIfExists(scratch);
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
