package io.rephrase.cli;

import java.io.IOException;
import java.io.Writer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * A text file whose old content stays until the first write or flush: a command that fails before
 * it has anything to say leaves the file as it was. Whether it can be written is found out at once.
 * Not thread-safe.
 */
final class LateFile extends Writer {
  private final Path file;
  private final boolean created;
  private @Nullable Writer begun;

  LateFile(Path file) throws IOException {
    this.file = file;
    this.created = Files.notExists(file);
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      begun = Files.newBufferedWriter(file); // A pipe's reader leaves when it is closed.
      return;
    }
    FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE).close();
  }

  private Writer begun() throws IOException {
    Writer writer = begun == null ? Files.newBufferedWriter(file) : begun;
    begun = writer;
    return writer;
  }

  @Override
  public void write(char[] characters, int offset, int length) throws IOException {
    begun().write(characters, offset, length);
  }

  @Override
  public void flush() throws IOException {
    begun().flush();
  }

  @Override
  public void close() throws IOException {
    if (begun != null) {
      begun.close();
    } else if (created) {
      Files.deleteIfExists(file);
    }
  }
}
