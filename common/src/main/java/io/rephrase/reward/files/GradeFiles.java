package io.rephrase.reward.files;

import io.rephrase.lines.JsonLines;
import io.rephrase.lines.LineCounts;
import io.rephrase.reward.Judge;
import io.rephrase.reward.Verifiers;
import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Grades a file of answers. A line is an object with {@code id}, {@code gold}, {@code completion}
 * and optionally {@code verifier} and {@code options}, for {@code llm-judge} also {@code question};
 * the line that comes out for it has {@code id}, {@code reward}, {@code extracted}, {@code rule}
 * and {@code status}, and {@code judge_answer} where a judge was asked. Order is kept; a line that
 * cannot be read becomes {@code {"line": n, "error": "…"}}. Works on all cores and with as many
 * requests to a judge as it takes, holds a few thousand lines at a time. A line whose judge failed
 * counts as failed.
 */
public final class GradeFiles {

  private static final int BATCH_LINES = 2_048;
  private static final int BATCH_BYTES = 16_000_000;

  private final LineGrader grader;

  /**
   * @param verifier for lines that name none
   * @param judge of the lines that want one
   * @throws io.rephrase.ConfigurationException if there is no such verifier
   */
  public GradeFiles(String verifier, Judge judge) {
    Verifiers.named(verifier);
    this.grader = new LineGrader(verifier, judge);
  }

  /**
   * Grades what {@code input} holds; closes neither side, flushes the output.
   *
   * @throws io.rephrase.InputException if the input cannot be read
   */
  public LineCounts grade(InputStream input, Writer output) throws IOException {
    JsonLines lines = new JsonLines(input);
    long read = 0;
    long failed = 0;
    for (List<JsonLines.Line> batch = batch(lines); !batch.isEmpty(); batch = batch(lines)) {
      List<CompletableFuture<LineGrader.Graded>> graded =
          batch.parallelStream().map(grader::grade).toList();
      for (CompletableFuture<LineGrader.Graded> later : graded) {
        LineGrader.Graded line = later.join();
        output.write(line.json());
        output.write('\n');
        failed += line.failed() ? 1 : 0;
      }
      output.flush(); // Whoever reads along may have left, and a judge costs.
      read += batch.size();
    }
    output.flush();
    return new LineCounts(read, failed);
  }

  private static List<JsonLines.Line> batch(JsonLines lines) {
    List<JsonLines.Line> batch = new ArrayList<>();
    long bytes = 0;
    while (batch.size() < BATCH_LINES && bytes < BATCH_BYTES) {
      Optional<JsonLines.Line> line = lines.next();
      if (line.isEmpty()) {
        break;
      }
      bytes += line.get().bytes().length;
      batch.add(line.get());
    }
    return batch;
  }
}
