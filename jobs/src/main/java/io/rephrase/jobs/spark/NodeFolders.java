package io.rephrase.jobs.spark;

import io.rephrase.Folders;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Folders that the processes of a node fill once and share. A process holds a shared file lock on
 * each of the {@value #KEPT} it used last, and fills one under an exclusive lock. Whoever uses one
 * deletes all but the {@value #KEPT} that were used last on the node and those that a process
 * holds. Thread-safe.
 */
final class NodeFolders {

  /**
   * Policy 0, the current one and the last one; on the driver a whole folder, whose policy is
   * linked, stands beside one of them.
   */
  static final int KEPT = 4;

  private static final Logger log = LoggerFactory.getLogger(NodeFolders.class);
  private static final String COMPLETE = ".complete";
  private static final String LOCK = ".lock";

  /**
   * Of this process, the one used last at the end. A second channel to a file must not be opened:
   * closing it may free the lock of the first.
   */
  private static final Map<Path, FileChannel> HELD = new LinkedHashMap<>();

  private final Path root;

  NodeFolders(Path root) {
    this.root = root.toAbsolutePath();
  }

  /**
   * Makes a folder that is not there: what a process that was killed left of it is deleted first.
   */
  interface Filling {
    void fill(Path folder) throws IOException;
  }

  /** The folder {@code name}, filled if no process has done so yet. */
  Path use(String name, Filling filling) throws IOException {
    synchronized (HELD) {
      Path folder = root.resolve(name);
      Files.createDirectories(root);
      FileChannel held = HELD.remove(folder);
      if (held != null && !isComplete(folder)) {
        held.close();
        held = null;
      }
      HELD.put(folder, held == null ? filled(folder, filling) : held);
      Files.setLastModifiedTime(folder.resolve(COMPLETE), FileTime.from(Instant.now()));
      if (HELD.size() > KEPT) {
        Iterator<FileChannel> longestUnusedFirst = HELD.values().iterator();
        longestUnusedFirst.next().close();
        longestUnusedFirst.remove();
      }
      evict();
      return folder;
    }
  }

  /** Returns with a shared lock on a whole folder. */
  private static FileChannel filled(Path folder, Filling filling) throws IOException {
    FileChannel channel = open(folder);
    boolean whole = false;
    try {
      while (!whole) {
        try (FileLock exclusive = channel.lock()) {
          if (exclusive.isValid() && !isComplete(folder)) {
            Folders.delete(folder);
            filling.fill(folder);
            Files.createFile(folder.resolve(COMPLETE));
          }
        }
        // Between the two locks another process may have deleted it.
        FileLock shared = channel.lock(0, Long.MAX_VALUE, true);
        whole = isComplete(folder);
        if (!whole) {
          shared.release();
        }
      }
      return channel;
    } finally {
      if (!whole) {
        channel.close();
      }
    }
  }

  private void evict() throws IOException {
    Map<Path, FileTime> lastUsed = new HashMap<>();
    try (Stream<Path> folders = Files.list(root)) {
      folders.filter(Files::isDirectory).forEach(folder -> lastUsed.put(folder, lastUsed(folder)));
    }
    lastUsed.entrySet().stream()
        .sorted(Map.Entry.<Path, FileTime>comparingByValue().reversed())
        .skip(KEPT)
        .map(Map.Entry::getKey)
        .filter(folder -> !HELD.containsKey(folder))
        .forEach(NodeFolders::deleteUnlessHeld);
  }

  private static void deleteUnlessHeld(Path folder) {
    try (FileChannel channel = open(folder);
        FileLock exclusive = channel.tryLock()) {
      if (exclusive != null) {
        // First: a folder that is deleted by half is not whole.
        Files.deleteIfExists(folder.resolve(COMPLETE));
        Folders.delete(folder);
        log.info("deleted={}", folder);
      }
    } catch (IOException e) {
      log.warn("{} takes room on the disk and cannot be deleted: {}", folder, e.toString());
    }
  }

  private static FileChannel open(Path folder) throws IOException {
    return FileChannel.open(
        folder.resolveSibling(folder.getFileName() + LOCK),
        StandardOpenOption.CREATE,
        StandardOpenOption.READ,
        StandardOpenOption.WRITE);
  }

  private static boolean isComplete(Path folder) {
    return Files.exists(folder.resolve(COMPLETE));
  }

  /** Long ago where it is not whole: its filling was cut off, or another process deletes it. */
  private static FileTime lastUsed(Path folder) {
    try {
      return Files.getLastModifiedTime(folder.resolve(COMPLETE));
    } catch (IOException notWhole) {
      return FileTime.fromMillis(0);
    }
  }
}
