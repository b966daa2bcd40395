package io.rephrase.reward;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.rephrase.reward.files.GradeFiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers a second on one core, through {@link GradeFiles}; runs with {@code
 * -Drephrase.benchmark=true}.
 */
class GradeBenchmark {

  private static final Logger LOG = LoggerFactory.getLogger(GradeBenchmark.class);
  private static final int LINES = 8_000;

  @Test
  void ordinaryAnswersAndLatexAnswers() throws Exception {
    Assumptions.assumeTrue(
        Boolean.getBoolean("rephrase.benchmark"), "rephrase.benchmark is not set");
    String ordinary =
        IntStream.range(0, LINES)
            .mapToObj(
                i ->
                    line(
                        i,
                        "" + i,
                        "She has "
                            + i / 2
                            + " and "
                            + i / 3
                            + ".\n"
                            + "So we add. ".repeat(20)
                            + "\n#### "
                            + i))
            .collect(Collectors.joining("\n"));
    measure("ordinary", ordinary);
    measure("latex", latex());
  }

  private static String latex() throws IOException {
    try (InputStream in =
        GradeBenchmark.class.getResourceAsStream("/golden/verifier/math_cases.jsonl")) {
      List<JsonObject> rows =
          new String(in.readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .map(row -> JsonParser.parseString(row).getAsJsonObject())
              .toList();
      return IntStream.range(0, LINES)
          .mapToObj(i -> rows.get(i % rows.size()))
          .map(row -> line(1, row.get("gold").getAsString(), row.get("completion").getAsString()))
          .collect(Collectors.joining("\n"));
    }
  }

  private static String line(int id, String gold, String completion) {
    JsonObject row = new JsonObject();
    row.addProperty("id", id);
    row.addProperty("gold", gold);
    row.addProperty("completion", completion);
    return row.toString();
  }

  private static void measure(String kind, String lines) throws Exception {
    GradeFiles files = new GradeFiles("math", Judge.NOBODY);
    byte[] bytes = lines.getBytes(StandardCharsets.UTF_8);
    ForkJoinPool one = new ForkJoinPool(1);
    try {
      for (int round = 0; round < 4; round++) {
        long start = System.nanoTime();
        one.submit(() -> files.grade(new ByteArrayInputStream(bytes), Writer.nullWriter())).get();
        LOG.info(
            "kind={} round={} answers_per_second={}",
            kind,
            round,
            Math.round(LINES / ((System.nanoTime() - start) / 1e9)));
      }
    } finally {
      one.shutdown();
    }
  }
}
