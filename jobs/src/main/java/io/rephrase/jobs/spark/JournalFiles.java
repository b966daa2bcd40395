package io.rephrase.jobs.spark;

import java.io.BufferedReader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.StreamCapabilities;

/**
 * The files of a journal: each writer appends lines to one of its own, so that none needs a lock. A
 * line outlives a kill once it is appended; where a store shows a file only when it is closed, as
 * s3a does, once its file is a few seconds old.
 */
final class JournalFiles implements AutoCloseable {

  private static final long FILE_NANOS = 5_000_000_000L;

  private final Path folder;
  private final Configuration hadoop;
  private Optional<FSDataOutputStream> open = Optional.empty();
  private long openedNanos;

  JournalFiles(Path folder, Configuration hadoop) {
    this.folder = folder;
    this.hadoop = hadoop;
  }

  Path folder() {
    return folder;
  }

  /** Every whole line, by the name of its request. */
  Map<String, JournalLine> read() {
    Map<String, JournalLine> lines = new HashMap<>();
    try {
      FileSystem files = fileSystem();
      for (FileStatus file : files.listStatus(folder)) {
        read(files, file.getPath(), lines);
      }
    } catch (FileNotFoundException none) {
      return lines;
    } catch (IOException e) {
      throw new UncheckedIOException("reading the journal " + folder, e);
    }
    return lines;
  }

  private static void read(FileSystem files, Path file, Map<String, JournalLine> lines)
      throws IOException {
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(files.open(file), StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        JournalLine.parse(line).ifPresent(whole -> lines.put(whole.request(), whole));
      }
    }
  }

  synchronized void append(JournalLine line) throws IOException {
    FSDataOutputStream out = open.isPresent() ? open.get() : create();
    out.write((line.json() + "\n").getBytes(StandardCharsets.UTF_8));
    if (out.hasCapability(StreamCapabilities.HSYNC)) {
      out.hflush();
    } else if (System.nanoTime() - openedNanos > FILE_NANOS) {
      close();
    }
  }

  private FSDataOutputStream create() throws IOException {
    FSDataOutputStream out =
        fileSystem().create(new Path(folder, UUID.randomUUID() + ".jsonl"), false);
    open = Optional.of(out);
    openedNanos = System.nanoTime();
    return out;
  }

  /** The raw local one: with checksums, a line would be in memory until its block is full. */
  private FileSystem fileSystem() throws IOException {
    FileSystem files = folder.getFileSystem(hadoop);
    return files instanceof LocalFileSystem local ? local.getRaw() : files;
  }

  @Override
  public synchronized void close() {
    try {
      if (open.isPresent()) {
        open.get().close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("closing a file of the journal " + folder, e);
    } finally {
      open = Optional.empty();
    }
  }
}
