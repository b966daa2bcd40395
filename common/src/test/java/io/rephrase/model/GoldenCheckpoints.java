package io.rephrase.model;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** The reference checkpoints among the test resources. */
final class GoldenCheckpoints {
  static final List<String> NAMES =
      List.of(
          "llama-gqa-tied", "llama-mha-untied-rope-scaled", "qwen2-gqa-tied", "qwen3-gqa-untied");

  private GoldenCheckpoints() {}

  static Path folder(String name) {
    try {
      return Path.of(GoldenCheckpoints.class.getResource("/golden/checkpoints/" + name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  static <T> T read(String name, String file, Class<T> type) {
    try {
      return new Gson().fromJson(Files.readString(folder(name).resolve(file)), type);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A copy that a test may tamper with. */
  static Path copy(String name, Path into) throws IOException {
    Path target = Files.createDirectories(into.resolve(name));
    try (Stream<Path> files = Files.list(folder(name))) {
      for (Path file : files.toList()) {
        Files.copy(file, target.resolve(file.getFileName()));
      }
    }
    return target;
  }

  static JsonObject config(Path folder) throws IOException {
    return JsonParser.parseString(Files.readString(folder.resolve("config.json")))
        .getAsJsonObject();
  }

  static void rewriteConfig(Path folder, JsonObject config) throws IOException {
    Files.writeString(folder.resolve("config.json"), config.toString());
  }

  /** What {@code expected.json} holds. */
  record Expected(
      int[][] input_ids,
      double[][][] logits_at_4_last_positions,
      double[][] token_log_probs,
      double[][] token_log_probs_temperature_0_7,
      double[][] entropy) {

    /** Both sequences, all but the first token scored. */
    List<TokenSequence> rows() {
      return Arrays.stream(input_ids)
          .map(ids -> new TokenSequence(new int[] {ids[0]}, Arrays.copyOfRange(ids, 1, ids.length)))
          .toList();
    }
  }
}
