package io.rephrase.reward;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.rephrase.data.Prompt;
import io.rephrase.data.VerdictStatus;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The verifiers on whole data sets, where those are at hand. */
class SharedDataTest {

  @Test
  void everyReferenceAnswerIsReadableAndRightAgainstItself() throws IOException {
    List<String> misses = new ArrayList<>();
    for (Prompt prompt : prompts()) {
      Optional<String> problem = Verifiers.goldProblem(prompt);
      String completion = "Answer: " + prompt.gold();
      if (problem.isPresent()
          || Verifiers.forPrompt(prompt).verify(completion, prompt.gold()).status()
              != VerdictStatus.CORRECT) {
        misses.add(prompt.promptId() + " " + prompt.gold() + " " + problem);
      }
    }
    assertThat(misses).isEmpty();
  }

  @Test
  void expertSolutionsThatEndInTheAnswerAreRight() throws IOException {
    List<String> misses = new ArrayList<>();
    for (Prompt prompt : prompts()) {
      // crowd-written rationales may name only the value or another letter
      boolean free = prompt.verifier().equals("choice") || prompt.knowledge().isEmpty();
      if (!free
          && Verifiers.forPrompt(prompt).verify(prompt.knowledge().get(), prompt.gold()).status()
              != VerdictStatus.CORRECT) {
        misses.add(prompt.promptId() + " " + prompt.gold());
      }
    }
    assertThat(misses).isEmpty();
  }

  private static List<Prompt> prompts() throws IOException {
    Optional<String> folder =
        Optional.ofNullable(System.getProperty("REPHRASE_SHARED_DATA"))
            .or(() -> Optional.ofNullable(System.getenv("REPHRASE_SHARED_DATA")));
    Assumptions.assumeTrue(folder.isPresent(), "REPHRASE_SHARED_DATA names no folder of data sets");
    List<Prompt> prompts = new ArrayList<>();
    try (var files = Files.list(Path.of(folder.get()))) {
      for (Path file : files.filter(path -> path.toString().contains(".jsonl")).sorted().toList()) {
        try (BufferedReader reader = reader(file)) {
          reader.lines().map(SharedDataTest::prompt).forEach(prompts::add);
        }
      }
    }
    assertThat(prompts).isNotEmpty();
    return prompts;
  }

  private static BufferedReader reader(Path file) throws IOException {
    InputStream raw = Files.newInputStream(file);
    InputStream in = file.toString().endsWith(".gz") ? new GZIPInputStream(raw) : raw;
    return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
  }

  private static Prompt prompt(String line) {
    JsonObject row = JsonParser.parseString(line).getAsJsonObject();
    JsonElement knowledge = row.get("knowledge");
    return new Prompt(
        "data",
        row.get("prompt_id").getAsString(),
        row.get("question").getAsString(),
        row.get("gold").getAsString(),
        row.get("verifier").getAsString(),
        knowledge.isJsonNull() ? Optional.empty() : Optional.of(knowledge.getAsString()),
        Optional.empty(),
        row.get("split").getAsString(),
        Optional.empty(),
        Map.of());
  }
}
