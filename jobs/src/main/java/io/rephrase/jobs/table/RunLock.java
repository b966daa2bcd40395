package io.rephrase.jobs.table;

import io.rephrase.TableException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The one driver's ownership of a run in a warehouse on a local path: a lock of the operating
 * system on {@code <warehouse>/_locks/<run>.lock}, which ends with the process, however it ends.
 * Closing it gives the run free.
 */
public final class RunLock implements RunOwnership {

  private final FileChannel channel;
  private final FileLock lock;

  private RunLock(FileChannel channel, FileLock lock) {
    this.channel = channel;
    this.lock = lock;
  }

  /** Whether {@code root} is a folder of this machine, which is what a file lock can guard. */
  public static boolean guards(String root) {
    return root.startsWith("/") || root.startsWith("file:") || !root.contains(":");
  }

  /**
   * Takes the run, or refuses.
   *
   * @throws TableException if another driver owns it, naming that process, or if {@code root} is no
   *     local path
   */
  public static RunLock acquire(String root, String runId) {
    Path file = lockFile(root, runId);
    try {
      Files.createDirectories(file.getParent());
      FileChannel channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      FileLock lock = tryLock(channel);
      if (lock == null) {
        String owner = owner(channel);
        channel.close();
        throw refusal(root, runId, owner);
      }
      writeOwner(channel);
      return new RunLock(channel, lock);
    } catch (IOException e) {
      throw new TableException("cannot lock run " + runId + " at " + file, e);
    }
  }

  /**
   * Refuses where {@link #acquire} would, and writes nothing: the lock file is only read.
   *
   * @throws TableException if a driver owns the run, naming that process
   */
  static void requireFree(String root, String runId) {
    Path file = lockFile(root, runId);
    if (Files.notExists(file)) {
      return;
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        FileLock lock = trySharedLock(channel)) {
      if (lock == null) {
        throw refusal(root, runId, owner(channel));
      }
    } catch (IOException e) {
      throw new TableException("cannot look at the lock of run " + runId + " at " + file, e);
    }
  }

  private static TableException refusal(String root, String runId, String owner) {
    return new TableException(
        "run %s in %s belongs to another driver (%s); wait for it or end that process, the run is free as soon as it has gone"
            .formatted(runId, root, owner));
  }

  private static Path lockFile(String root, String runId) {
    if (!guards(root)) {
      throw new TableException(
          "warehouse %s is on no local path, which a file lock cannot guard; use a local warehouse"
              .formatted(root));
    }
    Path folder = root.startsWith("file:") ? Path.of(URI.create(root).getPath()) : Path.of(root);
    return folder.resolve("_locks").resolve(runId + ".lock");
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // Held by this very process.
    }
  }

  private static @Nullable FileLock trySharedLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock(0, Long.MAX_VALUE, true);
    } catch (OverlappingFileLockException e) {
      return null; // Held by this very process.
    }
  }

  private static String owner(FileChannel channel) throws IOException {
    ByteBuffer text = ByteBuffer.allocate(1000);
    channel.read(text, 0);
    String owner = new String(text.array(), 0, text.position(), StandardCharsets.UTF_8).trim();
    return owner.isEmpty() ? "unknown" : owner;
  }

  private static void writeOwner(FileChannel channel) throws IOException {
    channel.truncate(0);
    channel.write(ByteBuffer.wrap((owner() + "\n").getBytes(StandardCharsets.UTF_8)), 0);
    channel.force(true);
  }

  /** This process, for people. */
  static String owner() {
    return "pid %d on %s since %s"
        .formatted(ProcessHandle.current().pid(), hostName(), Instant.now());
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "a machine without a name";
    }
  }

  @Override
  public void requireOwned() {
    if (!lock.isValid()) {
      throw new TableException("the lock of the run was given free: nothing more may be committed");
    }
  }

  @Override
  public Optional<String> takenFrom() {
    return Optional.empty();
  }

  /** Gives the run free. */
  @Override
  public void close() {
    try {
      lock.release();
      channel.close();
    } catch (IOException e) {
      throw new TableException("cannot give a run's lock free", e);
    }
  }
}
