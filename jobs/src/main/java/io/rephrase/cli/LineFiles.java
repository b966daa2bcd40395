package io.rephrase.cli;

import io.rephrase.InputException;
import java.io.FilterInputStream;
import java.io.FilterWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The options of commands that read and write JSON lines; {@code -} is the standard stream. */
final class LineFiles {
  private static final String STANDARD = "-";
  private static final Path STANDARD_INPUT = Path.of("/dev/stdin");

  @Option(
      names = "--input",
      paramLabel = "FILE",
      required = true,
      description = "JSON lines; - for standard input.")
  private String input;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      required = true,
      description = "JSON lines, in the order of the input; - for standard output.")
  private String output;

  /** The caller closes it; standard input stays open. */
  InputStream open() throws IOException {
    if (input.equals(STANDARD)) {
      return new FilterInputStream(System.in) {
        @Override
        public void close() {
          // standard input is not ours to close
        }
      };
    }
    Path file = path("--input", input);
    if (Files.isDirectory(file)) {
      throw new InputException("--input %s is a folder; name a file of JSON lines".formatted(file));
    }
    return Files.newInputStream(file);
  }

  /** The caller closes it; {@code standardOutput} stays open. */
  Writer create(PrintWriter standardOutput) throws IOException {
    if (!output.equals(STANDARD)) {
      return new LateFile(target());
    }
    return new FilterWriter(standardOutput) {
      @Override
      public void flush() throws IOException {
        if (StandardOutput.readerLeft(standardOutput)) {
          throw new StandardOutput.ReaderLeft();
        }
        if (standardOutput.checkError()) {
          throw new InputException(
              "--output - did not take all lines; see that its disk has space");
        }
      }

      @Override
      public void close() throws IOException {
        flush();
      }
    };
  }

  private Path target() throws IOException {
    Path target = path("--output", output);
    if (Files.isDirectory(target)) {
      throw new InputException("--output %s is a folder; name a file".formatted(target));
    }
    Path folder = target.toAbsolutePath().getParent();
    if (folder != null && !Files.isDirectory(folder)) {
      throw new InputException(
          "--output %s: there is no folder %s; make it first".formatted(target, folder));
    }
    Path source = input.equals(STANDARD) ? STANDARD_INPUT : path("--input", input);
    if (Files.isRegularFile(target) && Files.exists(source) && Files.isSameFile(target, source)) {
      throw new InputException(
          "--output %s is the input itself and would overwrite it; name another file"
              .formatted(output));
    }
    return target;
  }

  private static Path path(String option, String text) {
    try {
      if (!text.isBlank()) {
        return Path.of(text);
      }
    } catch (InvalidPathException e) {
      // refused below
    }
    throw new InputException(
        "%s must name a file, or be - for the standard stream, got \"%s\"".formatted(option, text));
  }
}
