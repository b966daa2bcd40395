package io.rephrase.arena;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rephrase.data.HashSplit;
import io.rephrase.data.Prompt;
import io.rephrase.data.VerdictStatus;
import io.rephrase.prompt.Tokenizer;
import io.rephrase.reward.ArenaVerifier;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorldsTest {

  private final ArenaWorld arena = new ArenaWorld();

  @TempDir Path folder;

  @Test
  void aProblemIsWrittenInBothStyles() {
    // 8 + 9 = 17, 17 - 8 = 9, 9 - 5 = 4
    ArenaProblem problem = new ArenaProblem(8, List.of(9, -8, -5));
    assertThat(problem.question()).isEqualTo("Q8+9-8-5:");
    assertThat(problem.ownStyle()).isEqualTo("+9=17;-8=9;-5=4;#4");
    assertThat(problem.expertStyle()).isEqualTo("bhjp/jim/efm/#4");
    assertThat(problem.gold()).isEqualTo("4");
    assertThat(problem.difficulty()).isEqualTo(3);
  }

  @Test
  void aSumIsWrittenInBothStyles() {
    ChainSum sum = new ChainSum(List.of(36, -43, 63, 69));
    assertThat(sum.question())
        .isEqualTo(
            "State the final answer to the following arithmetic problem: 36 - 43 + 63 + 69 =");
    assertThat(sum.ownStyle())
        .isEqualTo("36 - 43 = -7. -7 + 63 = 56. 56 + 69 = 125. The answer is \\boxed{125}.");
    assertThat(sum.expertStyle())
        .isEqualTo(
            "Step 1: 36 - 43 = -7\nStep 2: -7 + 63 = 56\nStep 3: 56 + 69 = 125\nAnswer: 125");
  }

  @Test
  void aValueOutsideTwoDigitsIsNoProblem() {
    assertThatThrownBy(() -> new ArenaProblem(3, List.of(-5)))
        .hasMessageContaining("keep the value within [0, 99], got -5 reaching -2");
  }

  @Test
  void thereAreAsManyEasyProblemsAsCountedByHand() {
    // One step: 9 starts × 9 additions, and 1 + 2 + … + 9 = 45 subtractions that stay at 0 or more.
    int problems = 0;
    for (HashSplit split : HashSplit.values()) {
      problems += arena.problems(split, 1, 1000, 1).size();
    }
    assertThat(problems).isEqualTo(81 + 45);
  }

  @Test
  void splitsShareNoProblemAndHaveTheirShares() {
    Set<String> seen = new HashSet<>();
    int[] sizes = new int[3];
    for (HashSplit split : HashSplit.values()) {
      for (Problem problem : arena.problems(split, 2, 5000, 7)) {
        assertThat(seen.add(problem.question())).as(problem.question()).isTrue();
        sizes[split.ordinal()]++;
      }
    }
    // All 1,899 problems of two steps, 90/5/5 up to the hash's luck (5 %: 95, standard deviation
    // 10).
    assertThat(seen).hasSize(1899);
    assertThat(sizes[1]).isBetween(55, 135);
    assertThat(sizes[2]).isBetween(55, 135);
  }

  @Test
  void aTestSetIsTheSameEveryTimeAndHasFiveHundredHardProblems() {
    List<Prompt> test = arena.test(5);
    assertThat(test).hasSize(500).isEqualTo(arena.test(5));
    assertThat(test).allMatch(prompt -> prompt.split().equals("test"));
    assertThat(test).extracting(Prompt::question).doesNotHaveDuplicates();
  }

  @Test
  void aTuningSetIsTheSameEveryTimeAndHasFiveHundredHardProblems() {
    List<Prompt> tuning = arena.tuning(4);
    assertThat(tuning).hasSize(500).isEqualTo(arena.tuning(4));
    assertThat(tuning).allMatch(prompt -> prompt.split().equals("tuning"));
  }

  @Test
  void trainPromptsMixTheLevels() {
    List<Prompt> train = arena.train(200, 3);
    assertThat(train.subList(0, 6))
        .extracting(prompt -> prompt.difficulty().orElseThrow())
        .containsExactly(1.0, 2.0, 3.0, 4.0, 5.0, 6.0);
    assertThat(train).allMatch(prompt -> prompt.split().equals("train"));
    assertThat(arena.train(200, 4)).isNotEqualTo(train);
  }

  @Test
  void everyCharacterIsOneTokenAndTheDollarEnds() throws IOException {
    ArenaVocabulary.write(folder);
    try (Tokenizer tokenizer = Tokenizer.open(folder)) {
      assertThat(tokenizer.vocabularySize()).isEqualTo(ArenaVocabulary.size()).isEqualTo(35);
      for (Problem problem : arena.problems(HashSplit.TRAIN, 4, 50, 5)) {
        String text = problem.question() + "K" + problem.expertStyle() + "R" + problem.ownStyle();
        int[] ids = tokenizer.encode(text + "$");
        assertThat(ids).hasSize(text.length() + 1).endsWith(ArenaVocabulary.EOS_ID);
        assertThat(ids).doesNotContain(2); // <unk>
        assertThat(tokenizer.decode(ids)).isEqualTo(text);
        assertThat(tokenizer.decodeWithSpecialTokens(ids)).isEqualTo(text + "$");
      }
    }
  }

  @Test
  void theVerifierReadsWhatFollowsTheLastMark() {
    ArenaVerifier verifier = new ArenaVerifier();
    assertThat(verifier.verify("+9=17;#17", "17").status()).isEqualTo(VerdictStatus.CORRECT);
    assertThat(verifier.verify("#17;#18", "17").status()).isEqualTo(VerdictStatus.WRONG);
    assertThat(verifier.verify("#17;", "17").reward()).contains(0.0);
    assertThat(verifier.verify("+9=17", "17").status()).isEqualTo(VerdictStatus.NO_ANSWER);
    assertThat(verifier.verify("", "17").reward()).contains(0.0);
  }

  @Test
  void everySumsAnswerIsTheSumOfItsTerms() {
    for (World world : List.of(ChainSumWorld.oneDigit(), ChainSumWorld.twoDigits())) {
      for (Problem problem : world.problems(HashSplit.TRAIN, 5, 20, 9)) {
        assertThat(problem.ownStyle()).endsWith("\\boxed{" + problem.gold() + "}.");
        assertThat(problem.expertStyle()).endsWith("Answer: " + problem.gold());
      }
    }
  }
}
