package io.rephrase.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.code_intelligence.jazzer.junit.DictionaryFile;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.rephrase.data.Verdict;
import io.rephrase.data.VerdictStatus;
import io.rephrase.reward.math.Budget;
import io.rephrase.reward.math.MathAnswers;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Looks for texts on which a verifier breaks its contract, led by coverage. No part of the tests: a
 * method for some minutes is
 *
 * <pre>JAZZER_FUZZ=1 mvn -pl common test -Djacoco.skip -Dtest='VerifierFuzz#anyTextIsAnswered'
 * </pre>
 *
 * Without {@code JAZZER_FUZZ} the methods run on their first texts alone. What it found is kept in
 * {@link VerifierContractTest}.
 */
class VerifierFuzz {

  private static final String TIME = "10m";
  private static final double SLOW_SECONDS = 1;

  @MethodSource("goldenPairs")
  @DictionaryFile(resourcePath = "verifier.dict")
  @FuzzTest(maxDuration = TIME)
  void anyTextIsAnswered(@NotNull String gold, @NotNull String completion) {
    for (Verifiers entry : Verifiers.values()) {
      Verifier verifier = entry.create();
      long start = System.nanoTime();
      Verdict verdict = verifier.verify(completion, gold);
      double seconds = (System.nanoTime() - start) / 1e9;
      assertThat(verdict.reward().orElse(0.0)).as(entry.label()).isBetween(0.0, 1.0);
      assertThat(verifier.verify(completion, gold)).as(entry.label()).isEqualTo(verdict);
      assertThat(seconds).as(entry.label()).isLessThan(SLOW_SECONDS);
      verifier.same(gold, completion);
    }
  }

  /** An answer that says another whole number is never right, whatever stands before it. */
  @MethodSource("wrongNumbers")
  @DictionaryFile(resourcePath = "verifier.dict")
  @FuzzTest(maxDuration = TIME)
  void anotherNumberIsNeverRight(@NotNull String before, int gold, int answer) {
    if (gold == answer) {
      return;
    }
    String completion = before + "\nThe answer is $\\boxed{" + answer + "}$.";
    for (Verifiers entry : new Verifiers[] {Verifiers.MATH, Verifiers.NUMERIC}) {
      assertThat(entry.create().verify(completion, Integer.toString(gold)).status())
          .as("%s: %s", entry.label(), completion)
          .isNotEqualTo(VerdictStatus.CORRECT);
    }
  }

  /** A reference that can be read equals itself, where the budget suffices to tell. */
  @MethodSource("references")
  @DictionaryFile(resourcePath = "verifier.dict")
  @FuzzTest(maxDuration = TIME)
  void aReadableReferenceIsItsOwnAnswer(@NotNull String gold) {
    if (MathAnswers.goldProblem(gold).isPresent()) {
      return;
    }
    try {
      assertThat(MathAnswers.equal(gold, gold, new Budget(Budget.DEFAULT_STEPS))).isTrue();
    } catch (Budget.Exceeded tooLong) {
      // Not known.
    }
  }

  static Stream<Arguments> goldenPairs() {
    return Stream.of("math_cases.jsonl", "own_math_cases.jsonl")
        .flatMap(VerifierFuzz::rows)
        .map(row -> arguments(text(row, "gold"), text(row, "completion")))
        .filter(pair -> !((String) pair.get()[1]).isBlank())
        .filter(pair -> ((String) pair.get()[1]).length() < 2_000);
  }

  static Stream<Arguments> wrongNumbers() {
    return goldenPairs().map(pair -> arguments(pair.get()[1], 7, 8));
  }

  static Stream<Arguments> references() {
    return goldenPairs().map(pair -> arguments(pair.get()[0]));
  }

  private static Stream<JsonObject> rows(String file) {
    try (InputStream in = VerifierFuzz.class.getResourceAsStream("/golden/verifier/" + file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(line -> JsonParser.parseString(line).getAsJsonObject());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(JsonObject row, String field) {
    return row.get(field).getAsString();
  }
}
