package io.rephrase.reward.files;

import io.rephrase.InputException;
import io.rephrase.reward.Verifiers;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Grades a file of answers. A line is an object with {@code id}, {@code gold}, {@code completion}
 * and optionally {@code verifier} and {@code options}; the line that comes out for it has {@code
 * id}, {@code reward}, {@code extracted}, {@code rule} and {@code status}. Order is kept; a line
 * that cannot be read becomes {@code {"line": n, "error": "…"}}. Works on all cores, holds a few
 * thousand lines at a time.
 */
public final class GradeFiles {

  private static final int BATCH_LINES = 2_048;
  private static final int BATCH_CHARACTERS = 16_000_000;
  private static final String STANDARD = "-";

  /**
   * What to grade.
   *
   * @param input file, or {@code -} for standard input
   * @param output file, or {@code -} for standard output
   * @param verifier for lines that name none
   */
  public record Options(String input, String output, String verifier) {
    public Options {
      if (input.isBlank() || output.isBlank()) {
        throw new IllegalArgumentException(
            "input and output must be files or \"-\", got \""
                + input
                + "\" and \""
                + output
                + "\"");
      }
      if (!input.equals(STANDARD) && input.equals(output)) {
        throw new InputException(
            "input and output are the same file " + input + "; name another output");
      }
    }
  }

  /** How many lines were read, and how many of them could not be graded. */
  public record Summary(long lines, long failed) {

    /** Whether there were lines and none could be graded. */
    public boolean allFailed() {
      return lines > 0 && failed == lines;
    }
  }

  /** A line of input, counted from 1. */
  private record Line(long number, String text) {}

  private final LineGrader grader;
  private final Options options;

  /** Throws {@link io.rephrase.ConfigurationException} where there is no such verifier. */
  public GradeFiles(Options options) {
    Verifiers.named(options.verifier());
    this.options = options;
    this.grader = new LineGrader(options.verifier());
  }

  /** Grades all of it; {@link InputException} where a file cannot be read or written. */
  public Summary run() {
    try (Reader reader = reader();
        Writer writer = writer()) {
      return grade(reader, writer);
    } catch (IOException cannot) {
      throw new InputException(
          "cannot grade "
              + options.input()
              + " to "
              + options.output()
              + ": "
              + cannot.getMessage()
              + "; check that the input exists and the output can be written",
          cannot);
    }
  }

  /** Grades what {@code input} holds; closes neither side, flushes the output. */
  public Summary grade(Reader input, Writer output) throws IOException {
    BufferedReader lines = new BufferedReader(input);
    long read = 0;
    long failed = 0;
    long number = 0;
    boolean more = true;
    while (more) {
      List<Line> batch = new ArrayList<>();
      long characters = 0;
      while (batch.size() < BATCH_LINES && characters < BATCH_CHARACTERS) {
        String text = lines.readLine();
        if (text == null) {
          more = false;
          break;
        }
        number++;
        characters += text.length();
        if (!text.isBlank()) {
          batch.add(new Line(number, text));
        }
      }
      List<LineGrader.Graded> graded =
          batch.parallelStream().map(line -> grader.grade(line.number(), line.text())).toList();
      for (LineGrader.Graded line : graded) {
        output.write(line.json());
        output.write('\n');
        failed += line.failed() ? 1 : 0;
      }
      read += batch.size();
    }
    output.flush();
    return new Summary(read, failed);
  }

  private Reader reader() throws IOException {
    InputStream in =
        options.input().equals(STANDARD)
            ? new FileInputStream(FileDescriptor.in)
            : Files.newInputStream(Path.of(options.input()));
    return new InputStreamReader(in, StandardCharsets.UTF_8);
  }

  private Writer writer() throws IOException {
    OutputStream out =
        options.output().equals(STANDARD)
            ? new FileOutputStream(FileDescriptor.out)
            : Files.newOutputStream(Path.of(options.output()));
    return new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
  }
}
