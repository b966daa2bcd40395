package io.rephrase.model;

import io.rephrase.CheckpointException;
import io.rephrase.Folders;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Writes a folder that appears whole or not at all: under another name first, then renamed. */
final class FolderWriter {

  /** What fills the folder. */
  @FunctionalInterface
  interface Content {
    void write(Path partial) throws IOException;
  }

  private FolderWriter() {}

  static void write(Path folder, Content content) {
    Path target = folder.toAbsolutePath().normalize();
    if (Files.exists(target)) {
      throw new IllegalArgumentException(
          folder + " exists already; give a folder that is yet to be made");
    }
    Path partial = target.resolveSibling("." + target.getFileName() + ".partial");
    try {
      Folders.delete(partial);
      Files.createDirectories(partial);
      content.write(partial);
      Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
      try (FileChannel parent = FileChannel.open(target.getParent(), StandardOpenOption.READ)) {
        parent.force(true);
      }
    } catch (IOException e) {
      throw new CheckpointException(folder + " cannot be written: " + e.getMessage(), e);
    }
  }

  static void writeText(Path file, String text) throws IOException {
    writeBytes(file, text.getBytes(StandardCharsets.UTF_8));
  }

  static void writeBytes(Path file, byte[] content) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(content);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
  }
}
