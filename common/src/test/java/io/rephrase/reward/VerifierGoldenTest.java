package io.rephrase.reward;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.rephrase.data.Verdict;
import io.rephrase.data.VerdictStatus;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VerifierGoldenTest {

  @ParameterizedTest
  @ValueSource(strings = {"math_cases.jsonl", "own_math_cases.jsonl"})
  void everyMathematicalCaseIsJudgedRight(String file) throws IOException {
    Verifier verifier = Verifiers.named("math");
    List<String> misses = new ArrayList<>();
    for (JsonObject row : rows(file)) {
      Verdict verdict = verifier.verify(text(row, "completion"), text(row, "gold"));
      boolean correct = verdict.status() == VerdictStatus.CORRECT;
      if (correct != row.get("expected").getAsBoolean()) {
        misses.add(row + " got " + verdict);
      }
    }
    assertThat(misses).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"choice_cases.jsonl", "own_choice_cases.jsonl"})
  void everyChoiceIsFoundAndNoneWhereNoneWasMade(String file) throws IOException {
    List<String> misses = new ArrayList<>();
    for (JsonObject row : rows(file)) {
      Verifier verifier = new ChoiceVerifier(ChoiceOptions.ofLetters(text(row, "options")));
      String chosen = verifier.verify(text(row, "completion"), "A").extracted().orElse("none");
      if (!chosen.equals(text(row, "expected"))) {
        misses.add(row + " got " + chosen);
      }
    }
    assertThat(misses).isEmpty();
  }

  @Test
  void hostileInputsAreAnsweredInWellUnderASecond() throws IOException {
    Verifier verifier = Verifiers.named("math");
    for (JsonObject row : rows("math_cases.jsonl")) {
      if (row.has("max_seconds")) {
        long start = System.nanoTime();
        verifier.verify(text(row, "completion"), text(row, "gold"));
        assertThat((System.nanoTime() - start) / 1e9).as(text(row, "id")).isLessThan(1);
      }
    }
  }

  private static String text(JsonObject row, String field) {
    return row.get(field).getAsString();
  }

  private static List<JsonObject> rows(String file) throws IOException {
    try (InputStream in =
        VerifierGoldenTest.class.getResourceAsStream("/golden/verifier/" + file)) {
      String all = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return all.lines().map(line -> JsonParser.parseString(line).getAsJsonObject()).toList();
    }
  }
}
