package io.rephrase.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rephrase.ConfigurationException;
import io.rephrase.data.Prompt;
import io.rephrase.data.VerdictStatus;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerifiersTest {

  @Test
  void unknownNamesAreRefusedWithTheNearestAndTheList() {
    assertThatThrownBy(() -> Verifiers.named("numerc"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith(
            "verifier \"numerc\" does not exist; did you mean \"numeric\"? verifiers are math, choice, numeric, exact, format");
  }

  @Test
  void optionsComeFromTheQuestionWithTheirTexts() {
    Verifier verifier =
        Verifiers.forPrompt(
            prompt("choice", "Capital of France?\n\nA) Rome\nB) Paris\nC) Bonn", "B", Map.of()));
    assertThat(verifier.verify("The answer is Paris.", "B").status())
        .isEqualTo(VerdictStatus.CORRECT);
    assertThat(verifier.verify("Answer: D", "B").status()).isEqualTo(VerdictStatus.NO_ANSWER);
    assertThat(verifier.verify("Paris or Rome, who knows", "B").status())
        .isEqualTo(VerdictStatus.NO_ANSWER);
  }

  @Test
  void optionsComeFromMetadataFirst() {
    Verifier verifier =
        Verifiers.forPrompt(prompt("choice", "Which?", "E", Map.of("options", "ABCDE")));
    assertThat(verifier.verify("Answer: E", "E").status()).isEqualTo(VerdictStatus.CORRECT);
  }

  @Test
  void referencesThatCannotBeUsedAreNamedBeforeAnyTokenIsSpent() {
    assertThat(Verifiers.goldProblem(prompt("math", "q", "\\frac{1}{", Map.of())))
        .contains("gold \"\\frac{1}{\" is no expression, set, interval, matrix or text");
    assertThat(Verifiers.goldProblem(prompt("numeric", "q", "twelve", Map.of())))
        .contains("gold \"twelve\" is no number");
    assertThat(Verifiers.goldProblem(prompt("choice", "Which?", "A", Map.of())).orElseThrow())
        .contains("needs options");
    assertThat(Verifiers.goldProblem(prompt("choice", "Which?", "E", Map.of("options", "ABCD"))))
        .contains("gold \"E\" is none of the options ABCD");
    assertThat(Verifiers.goldProblem(prompt("exact", "q", "...", Map.of())).orElseThrow())
        .contains("no text");
    assertThat(Verifiers.goldProblem(prompt("math", "q", "\\frac{1}{2}", Map.of()))).isEmpty();
  }

  @Test
  void numbersAreComparedToTheDigitsOfTheReference() {
    Verifier numeric = Verifiers.named("numeric");
    // 0.6142 is 1e-5 from 0.61419: more than half a unit of its last digit
    assertThat(numeric.verify("Answer: 0.614193", "0.61419").status())
        .isEqualTo(VerdictStatus.CORRECT);
    assertThat(numeric.verify("Answer: 0.6142", "0.61419").status()).isEqualTo(VerdictStatus.WRONG);
    assertThat(numeric.verify("Answer: $1,234.", "1234").status()).isEqualTo(VerdictStatus.CORRECT);
    assertThat(numeric.verify("Answer: 61.419%", "0.61419").status())
        .isEqualTo(VerdictStatus.CORRECT);
    assertThat(numeric.verify("Answer: 1235", "1234").status()).isEqualTo(VerdictStatus.WRONG);
  }

  @Test
  void textIsComparedWithoutCaseSpaceAndUnicodeForms() {
    Verifier exact = Verifiers.named("exact");
    assertThat(exact.verify("Let me see.\n2  × 83 × 101.", "2 × 83 × 101").status())
        .isEqualTo(VerdictStatus.CORRECT);
    assertThat(exact.verify("Answer: **YES**", "yes").status()).isEqualTo(VerdictStatus.CORRECT);
    assertThat(exact.verify("Answer: no", "yes").status()).isEqualTo(VerdictStatus.WRONG);
  }

  @Test
  void aFullStopInsideTheReferenceEndsNoSentence() {
    Verifier exact = Verifiers.named("exact");
    assertThat(exact.verify("The answer is St. Petersburg.", "St. Petersburg").status())
        .isEqualTo(VerdictStatus.CORRECT);
    assertThat(exact.verify("Answer: the day after tomorrow", "the day after tomorrow").extracted())
        .contains("the day after tomorrow");
    assertThat(exact.verify("The answer is yes. No doubt.", "yes").status())
        .isEqualTo(VerdictStatus.CORRECT);
  }

  @Test
  void aNumberMayHaveAUnitOfOneLetter() {
    Verifier numeric = Verifiers.named("numeric");
    assertThat(numeric.verify("The answer is 12 m.", "12").status())
        .isEqualTo(VerdictStatus.CORRECT);
    assertThat(numeric.verify("The answer is 12.", "12 m").status())
        .isEqualTo(VerdictStatus.CORRECT);
    assertThat(numeric.verify("The answer is 12 x.", "12").status()).isEqualTo(VerdictStatus.WRONG);
  }

  @ParameterizedTest
  @CsvSource({
    "5|10|15|20, The answer is 0.5, none",
    "5|10|15|20, The answer is 15, C",
    "5|10|15|20, The answer is 15 metres., C",
    "5|10|15|20, 5 + 10 = 15, none",
    "0|4|2|6, \\boxed{-4}, none",
    "0|4|2|6, \\boxed{4}, B",
    "1|3|2|7, The answer is 2.5, none",
    "1|3|5|7, The answer is 1/2, none",
    "true|false, The answer is not true., none",
    "true|false, The answer is true., A",
    "Mercury|Venus, Mercury cannot be right since it has no moons, none",
    "Mercury|Venus, The answer is the Venus., B",
    "E|E/2|2E|E/2 + 1, The answer is E/2., B",
    "D|C|B|A, The answer is B., B",
    "x = 1|D = 4, \\boxed{D = 4}, B",
    "12|15|20|25, The answer is B = 15., B",
    "12|15|20|25, The answer is B = 20., none",
    "London|Paris|Rome, A. London\\nB. Paris\\nSo it must be Paris., B"
  })
  void anOptionIsChosenByItsWholeText(String texts, String completion, String letter) {
    List<String> options = List.of(texts.split("\\|"));
    Verifier choice =
        new ChoiceVerifier(new ChoiceOptions("ABCD".substring(0, options.size()), options));
    assertThat(
            choice
                .verify(completion.replace("\\\\", "\\").replace("\\n", "\n"), "A")
                .extracted()
                .orElse("none"))
        .isEqualTo(letter);
  }

  @Test
  void tagsMustComeOnceAndInOrder() {
    Verifier format = Verifiers.named("format");
    assertThat(format.verify("<think>a</think><answer>b</answer>", "-").status())
        .isEqualTo(VerdictStatus.CORRECT);
    assertThat(format.verify("<answer>b</answer><think>a</think>", "-").status())
        .isEqualTo(VerdictStatus.WRONG);
    assertThat(format.verify("<think>a</think><answer>b", "-").status())
        .isEqualTo(VerdictStatus.WRONG);
  }

  private static Prompt prompt(
      String verifier, String question, String gold, Map<String, String> metadata) {
    return new Prompt(
        "set",
        "1",
        question,
        gold,
        verifier,
        Optional.empty(),
        Optional.empty(),
        "train",
        Optional.empty(),
        metadata);
  }
}
