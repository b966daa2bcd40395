package io.rephrase.jobs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;

/** Writes a text file as a whole: beside the old one first, so that a reader never sees half. */
final class TextFile {

  private TextFile() {}

  /** Makes the folder too. Returns the file's size in bytes. */
  static long write(Path file, String text) {
    Path target = file.toAbsolutePath();
    Path half = target.resolveSibling(target.getFileName() + ".part");
    try {
      Files.createDirectories(Objects.requireNonNull(target.getParent()));
      Files.writeString(half, text);
      Files.move(half, target, StandardCopyOption.REPLACE_EXISTING);
      return Files.size(target);
    } catch (IOException failed) {
      throw new UncheckedIOException("writing " + target, failed);
    }
  }
}
