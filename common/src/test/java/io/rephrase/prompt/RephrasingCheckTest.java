package io.rephrase.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import io.rephrase.arena.ArenaWorld;
import io.rephrase.arena.ChainSumWorld;
import io.rephrase.arena.Problem;
import io.rephrase.arena.World;
import io.rephrase.config.ConfigLoader;
import io.rephrase.config.RephraseConfig;
import io.rephrase.config.RunConfig;
import io.rephrase.data.FinishReason;
import io.rephrase.data.HashSplit;
import io.rephrase.data.RejectReason;
import io.rephrase.prompt.RephrasingCheck.Candidate;
import io.rephrase.prompt.RephrasingCheck.Limits;
import io.rephrase.prompt.RephrasingCheck.Outcome;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RephrasingCheckTest {

  private static final String QUESTION =
      "State the final answer to the following arithmetic problem: 36 - 43 + 63 + 69 =";
  private static final String KNOWLEDGE =
      "Step 1: 36 - 43 = -7\nStep 2: -7 + 63 = 56\nStep 3: 56 + 69 = 125\nAnswer: 125";

  private final RephrasingCheck check = new RephrasingCheck(shipped());

  /** What a run takes that sets none. */
  private static Limits shipped() {
    RunConfig config = new ConfigLoader().load().config();
    RephraseConfig.Limits limits = config.rephrase().limits();
    return new Limits(
        config.guidance().delta(),
        limits.copyNgramWords(),
        limits.copyRatio(),
        limits.copyRunWords(),
        limits.minLengthRatio(),
        limits.minNumbersRatio(),
        limits.leakPhrases());
  }

  @Test
  void noSolutionInOwnStyleIsRejectedByTheDefaults() {
    for (World world :
        List.of(new ArenaWorld(), ChainSumWorld.oneDigit(), ChainSumWorld.twoDigits())) {
      for (int difficulty = world instanceof ArenaWorld ? 1 : 2; difficulty <= 8; difficulty++) {
        for (Problem problem : world.problems(HashSplit.TRAIN, difficulty, 100, 1)) {
          Outcome outcome = check.check(honest(problem));
          assertThat(outcome.rejectReason()).as(problem.ownStyle()).isEmpty();
        }
      }
    }
  }

  private static Candidate honest(Problem problem) {
    return new Candidate(
        problem.question(),
        problem.gold(),
        problem.expertStyle(),
        problem.expertStyle().length(),
        problem.ownStyle(),
        problem.ownStyle().length(),
        FinishReason.EOS,
        true,
        OptionalDouble.of(1));
  }

  private static Candidate candidate(String text, int tokens) {
    return new Candidate(
        QUESTION, "125", KNOWLEDGE, 60, text, tokens, FinishReason.EOS, true, OptionalDouble.of(1));
  }

  private RejectReason reasonOf(String text, int tokens) {
    return check.check(candidate(text, tokens)).rejectReason().orElseThrow();
  }

  @Test
  void theBareAnswerTeachesNothing() {
    // 20 tokens are more than 0.3 × 60 = 18; but 7 and 56 are missing: share 0.
    Outcome outcome = check.check(candidate("So, the correct answer is: \\boxed{125}", 20));
    assertThat(outcome.rejectReason()).contains(RejectReason.NO_REASONING);
    assertThat(outcome.reasoningShare()).contains(0.0);
  }

  @Test
  void halfOfTheIntermediateNumbersIsEnoughAndTooFewTokensAreNot() {
    // k's numbers less q's (36, 43, 63, 69) and gold (125): 7 and 56, the step labels left out.
    String half = "First we are at -7, and in the end at \\boxed{125}";
    assertThat(check.check(candidate(half, 18)).reasoningShare()).contains(0.5);
    assertThat(check.check(candidate(half, 18)).accepted()).isTrue();
    assertThat(reasonOf(half, 17)).isEqualTo(RejectReason.NO_REASONING);
  }

  @Test
  void kWordForWordIsACopy() {
    Outcome outcome = check.check(candidate(KNOWLEDGE, 60));
    assertThat(outcome.rejectReason()).contains(RejectReason.COPY);
    assertThat(outcome.copyShare()).isEqualTo(1.0);
    // Words: 3 steps of "step n", 3 numbers; the bare signs - + = are kept or dropped alike on both
    // sides.
    assertThat(outcome.longestCommonRun()).isGreaterThanOrEqualTo(17);
  }

  @Test
  void aLongCommonRunIsACopyEvenAmongManyOtherWords() {
    String run = String.join(" ", numbered("word", 41));
    String knowledge = run + " end";
    String text = String.join(" ", numbered("other", 100)) + " " + run;
    Candidate candidate =
        new Candidate(
            "q", "1", knowledge, 10, text, 100, FinishReason.EOS, true, OptionalDouble.of(1));
    Outcome outcome = check.check(candidate);
    // 141 words make 134 8-grams, of which the run's 41 - 8 + 1 = 34 stand in k.
    assertThat(outcome.longestCommonRun()).isEqualTo(41);
    assertThat(outcome.copyShare()).isEqualTo(34.0 / 134);
    assertThat(outcome.rejectReason()).contains(RejectReason.COPY);
  }

  private static List<String> numbered(String word, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> word + Character.toString('a' + i % 26) + Character.toString('a' + i / 26))
        .toList();
  }

  @Test
  void theReasonsHaveAnOrder() {
    Candidate good = candidate("-7 and 56 give \\boxed{125}", 30);
    assertThat(check.check(good).accepted()).isTrue();
    assertThat(with(good, FinishReason.LENGTH, true, 1)).isEqualTo(RejectReason.TRUNCATED);
    assertThat(with(good, FinishReason.CONTEXT, true, 1)).isEqualTo(RejectReason.TRUNCATED);
    assertThat(with(good, FinishReason.ERROR, true, 1)).isEqualTo(RejectReason.ERROR);
    assertThat(with(good, FinishReason.EOS, false, 1)).isEqualTo(RejectReason.UNALIGNED);
    assertThat(with(good, FinishReason.EOS, true, 0.4)).isEqualTo(RejectReason.WRONG);
    assertThat(reasonOf(" \n", 1)).isEqualTo(RejectReason.EMPTY);
    assertThat(with(good, FinishReason.EOS, true, Double.NaN)).isEqualTo(RejectReason.NO_VERDICT);
    assertThat(with(candidate("\\boxed{125}", 1), FinishReason.EOS, true, Double.NaN))
        .isEqualTo(RejectReason.NO_REASONING);
    assertThat(reasonOf("-7, 56 by the Reference Solution: \\boxed{125}", 30))
        .isEqualTo(RejectReason.LEAK);
  }

  @Test
  void aRunThatSetsNoLeakPhrasesRejectsWhatSpeaksOfTheReference() {
    for (String leak :
        List.of(
            "According to the reference, 7",
            "The reference answer says 7",
            "From the provided knowledge, 7",
            "In my own words, 7",
            "As an AI I say 7")) {
      String text = "First -7. " + leak + " more than 49 is 56, and so \\boxed{125}";
      assertThat(reasonOf(text, 30)).as(leak).isEqualTo(RejectReason.LEAK);
    }
  }

  @Test
  void aLeakPhraseInsideALongerWordIsNone() {
    String text = "-7 was an airplane, 56 as an aid: \\boxed{125}";
    assertThat(check.check(candidate(text, 30)).rejectReason()).isEmpty();
  }

  private RejectReason with(Candidate good, FinishReason finish, boolean aligned, double reward) {
    Candidate changed =
        new Candidate(
            good.question(),
            good.gold(),
            good.knowledge(),
            good.knowledgeTokens(),
            good.text(),
            good.textTokens(),
            finish,
            aligned,
            Double.isNaN(reward) ? OptionalDouble.empty() : OptionalDouble.of(reward));
    return check.check(changed).rejectReason().orElseThrow();
  }
}
