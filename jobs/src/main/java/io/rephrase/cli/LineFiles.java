package io.rephrase.cli;

import io.rephrase.InputException;
import java.io.FilterInputStream;
import java.io.FilterWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The options of commands that read and write JSON lines; {@code -} is the standard stream. */
final class LineFiles {
  private static final String STANDARD = "-";

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
    if (!input.equals(STANDARD)) {
      return Files.newInputStream(Path.of(input));
    }
    return new FilterInputStream(System.in) {
      @Override
      public void close() {
        // standard input is not ours to close
      }
    };
  }

  /** The caller closes it; {@code standardOutput} stays open. */
  Writer create(PrintWriter standardOutput) throws IOException {
    if (!output.equals(STANDARD)) {
      checkNotTheInput();
      return Files.newBufferedWriter(Path.of(output), StandardCharsets.UTF_8);
    }
    return new FilterWriter(standardOutput) {
      @Override
      public void close() throws IOException {
        flush();
      }
    };
  }

  private void checkNotTheInput() throws IOException {
    Path target = Path.of(output);
    if (Files.exists(target)
        && !input.equals(STANDARD)
        && Files.isSameFile(target, Path.of(input))) {
      throw new InputException(
          "--output %s is the input itself and would overwrite it; name another file"
              .formatted(output));
    }
  }
}
