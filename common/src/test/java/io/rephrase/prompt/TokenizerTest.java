package io.rephrase.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.rephrase.CheckpointException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizerTest {

  @TempDir Path folder;

  @Test
  void aFolderWithoutTokenizerIsRefusedWithTheWayOut() {
    assertThatThrownBy(() -> Tokenizer.open(folder))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(folder + " has no tokenizer.json")
        .hasMessageContaining("save_pretrained");
  }

  @Test
  void aFileThatIsNoTokenizerIsRefused() throws IOException {
    Files.writeString(folder.resolve("tokenizer.json"), "[1, 2]");
    assertThatThrownBy(() -> Tokenizer.open(folder))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("cannot be read as a Hugging Face tokenizer");
  }

  @Test
  void everyGoldenStringHasTheIdsThatTransformersGivesIt() throws IOException {
    try (Tokenizer tokenizer = Tokenizer.open(checkpoint())) {
      for (JsonElement element : golden("smollm2.json")) {
        JsonObject golden = element.getAsJsonObject();
        String text = golden.get("text").getAsString();
        int[] ids = new Gson().fromJson(golden.get("ids"), int[].class);
        assertThat(tokenizer.encode(text)).as(text).containsExactly(ids);
        assertThat(tokenizer.decodeWithSpecialTokens(ids))
            .as(text)
            .isEqualTo(golden.get("decoded").getAsString());
      }
    }
  }

  @Test
  void longTextsAreNotCutAndSpecialTokensCanBeLeftOut() {
    try (Tokenizer tokenizer = Tokenizer.open(checkpoint())) {
      // "a b" is two tokens and each further " b" one: far beyond the 512 other readers cut at.
      assertThat(tokenizer.encode("a" + " b".repeat(2999))).hasSize(3000);
      int[] ids = tokenizer.encode("<|im_start|>hi<|im_end|>");
      assertThat(tokenizer.decode(ids)).isEqualTo("hi");
    }
  }

  @Test
  void aBoundaryInsideATokenIsNone() {
    try (Tokenizer tokenizer = Tokenizer.open(checkpoint())) {
      int[] ids = tokenizer.encode("Hello world"); // "Hello", " world"
      assertThat(tokenizer.tokenBoundary(ids, 5)).hasValue(1);
      assertThat(tokenizer.tokenBoundary(ids, 6)).isEmpty();
      assertThat(tokenizer.tokenBoundary(ids, 11)).hasValue(2);
    }
  }

  @Test
  void aTokenizerLargerThanTheModelIsRefused() {
    try (Tokenizer tokenizer = Tokenizer.open(checkpoint())) {
      assertThat(tokenizer.vocabularySize()).isEqualTo(49152);
      tokenizer.checkFits(49152);
      assertThatThrownBy(() -> tokenizer.checkFits(49000))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("ids up to 49151 but config.json says vocab_size 49000");
    }
  }

  @Test
  void aFileThatIsNoTokenizerIsRefusedWithWhatItLacks(@TempDir Path folder) throws IOException {
    refused(folder, "", "cannot be read as a Hugging Face tokenizer");
    refused(folder, "{\"model\"", "cannot be read as a Hugging Face tokenizer");
    refused(folder, "{}", "it lacks \"model\"");
    refused(folder, "{\"model\": {}}", "it lacks \"vocab\"");
    refused(folder, "{\"model\": {\"vocab\": {\"a\": \"x\"}}}", "copy it anew");
    refused(
        folder,
        "{\"model\": {\"vocab\": {\"a\": 0}}, \"added_tokens\": [{\"id\": 1}]}",
        "it lacks \"content\"");
    refused(folder, "{\"model\": {\"type\": \"x\", \"vocab\": {\"a\": 0}}}", "copy it anew");
  }

  private static void refused(Path folder, String json, String message) throws IOException {
    Files.writeString(folder.resolve("tokenizer.json"), json);
    assertThatThrownBy(() -> Tokenizer.open(folder))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(message);
  }

  static JsonArray golden(String name) throws IOException {
    try (Reader reader =
        new InputStreamReader(
            TokenizerTest.class.getResourceAsStream("/golden/tokenizer/" + name),
            StandardCharsets.UTF_8)) {
      return JsonParser.parseReader(reader).getAsJsonArray();
    }
  }

  static Path checkpoint() {
    String setting =
        System.getProperty("REPHRASE_CHECKPOINT", System.getenv("REPHRASE_CHECKPOINT"));
    assumeTrue(
        setting != null,
        "skipped: set REPHRASE_CHECKPOINT to a folder of SmolLM2-135M-Instruct to run it");
    return Path.of(setting);
  }
}
