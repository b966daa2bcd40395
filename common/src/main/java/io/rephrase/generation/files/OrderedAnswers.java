package io.rephrase.generation.files;

import com.google.gson.JsonObject;
import io.rephrase.lines.JsonLines;
import io.rephrase.lines.LineCounts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Writes the answers of lines in the order in which the lines came, as soon as it can. */
final class OrderedAnswers {
  private final Writer out;
  private final Deque<Answers> waiting = new ArrayDeque<>();
  private long lines;
  private long failedLines;

  OrderedAnswers(Writer out) {
    this.out = out;
  }

  /** The answers of one line. */
  final class Answers {
    private final long line;
    private final @Nullable JsonObject[] objects;
    private int missing;
    private boolean failed;

    private Answers(long line, int count) {
      this.line = line;
      this.objects = new JsonObject[count];
      this.missing = count;
    }

    void put(int index, JsonObject answer) {
      objects[index] = answer;
      missing--;
      writeComplete();
    }

    void fail(int index, String error) {
      failed = true;
      JsonObject answer = new JsonObject();
      answer.addProperty("line", line);
      answer.addProperty("error", error);
      put(index, answer);
    }
  }

  /** Reserves the place of a line's answers. */
  Answers open(long line, int count) {
    Answers answers = new Answers(line, count);
    waiting.add(answers);
    return answers;
  }

  private void writeComplete() {
    try {
      while (!waiting.isEmpty() && waiting.element().missing == 0) {
        Answers complete = waiting.remove();
        for (JsonObject object : complete.objects) {
          out.write(JsonLines.text(object) + "\n");
        }
        lines++;
        failedLines += complete.failed ? 1 : 0;
        out.flush();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("while writing the answer number " + (lines + 1), e);
    }
  }

  /** Even an input without lines has its output: an empty one. */
  void finish() {
    try {
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("while ending the output", e);
    }
  }

  LineCounts counts() {
    return new LineCounts(lines, failedLines);
  }
}
