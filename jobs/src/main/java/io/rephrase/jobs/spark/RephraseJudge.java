package io.rephrase.jobs.spark;

import io.rephrase.data.FinishReason;
import io.rephrase.data.RejectReason;
import io.rephrase.generation.Completion;
import io.rephrase.prompt.MetaTokens;
import io.rephrase.prompt.RephrasingCheck;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/** Strips meta tokens of what was sampled, verifies what is left, and accepts or rejects it. */
final class RephraseJudge {

  /**
   * An attempt with its judgement, not yet scored.
   *
   * @param task that was asked
   * @param completion as sampled; empty where P(q,k) did not fit
   * @param span what is kept of the sampled ids
   * @param tokenIds the final ids
   * @param rawText the sampled ids decoded
   * @param graded the verdict on the final text
   * @param outcome measures and the reason to reject, if any
   */
  record Judged(
      RephraseTask task,
      Optional<Completion> completion,
      MetaTokens.Span span,
      int[] tokenIds,
      String rawText,
      Answers.Graded graded,
      RephrasingCheck.Outcome outcome) {}

  /**
   * An attempt whose verdict may be under way.
   *
   * @param task that was asked
   * @param completion as sampled
   * @param span what is kept of the sampled ids
   * @param tokenIds the final ids
   * @param rawText the sampled ids decoded
   * @param grading of the final text
   */
  record Stripped(
      RephraseTask task,
      Completion completion,
      MetaTokens.Span span,
      int[] tokenIds,
      String rawText,
      Grading grading) {}

  private final LoadedPolicy policy;
  private final Answers answers;
  private final RephrasingCheck check;
  private final MetaTokens metaTokens = new MetaTokens(MetaTokens.Phrases.defaults());
  private final Set<Integer> eosSet;

  RephraseJudge(LoadedPolicy policy, Answers answers, RephrasingCheck check) {
    this.policy = policy;
    this.answers = answers;
    this.check = check;
    this.eosSet = new HashSet<>(policy.eosTokenIds());
  }

  /** Strips what was sampled and has it verified; a judge is asked and not waited for. */
  Stripped strip(RephraseTask task, Completion completion) {
    int[] sampled = completion.tokenIds();
    MetaTokens.Span span = metaTokens.strip(sampled, policy.tokenizer(), eosSet);
    int[] kept = span.apply(sampled, turnEnd(sampled));
    String rawText = policy.tokenizer().decode(sampled);
    Grading grading =
        completion.finishReason() == FinishReason.ERROR
            ? answers.grade(task.prompt(), completion)
            : answers.grade(task.prompt(), policy.tokenizer().decode(kept));
    return new Stripped(task, completion, span, kept, rawText, grading);
  }

  /** Waits for the verdict and decides. */
  Judged judge(Stripped stripped) {
    Answers.Graded graded = stripped.grading().graded();
    return new Judged(
        stripped.task(),
        Optional.of(stripped.completion()),
        stripped.span(),
        stripped.tokenIds(),
        stripped.rawText(),
        graded,
        check.check(candidate(stripped, graded)));
  }

  /** The end that was sampled, else the one the prompt's format writes. */
  private int turnEnd(int[] sampled) {
    int last = sampled.length == 0 ? -1 : sampled[sampled.length - 1];
    return eosSet.contains(last) ? last : answers.turnEndId();
  }

  private RephrasingCheck.Candidate candidate(Stripped stripped, Answers.Graded graded) {
    RephraseTask task = stripped.task();
    String knowledge = task.prompt().knowledge().orElseThrow();
    int bodyTokens =
        (int)
            java.util.Arrays.stream(stripped.tokenIds()).filter(id -> !eosSet.contains(id)).count();
    return new RephrasingCheck.Candidate(
        task.prompt().question(),
        task.prompt().gold(),
        knowledge,
        policy.tokenizer().encode(knowledge).length,
        graded.text(),
        bodyTokens,
        stripped.completion().finishReason(),
        stripped.span().aligned(),
        graded.reward().map(OptionalDouble::of).orElse(OptionalDouble.empty()));
  }

  static Judged knowledgeTooLong(RephraseTask task) {
    return new Judged(
        task,
        Optional.empty(),
        new MetaTokens.Span(0, 0, false, true),
        new int[0],
        "",
        Answers.Graded.unverified(""),
        new RephrasingCheck.Outcome(
            Optional.of(RejectReason.KNOWLEDGE_TOO_LONG), 0, 0, Optional.empty()));
  }
}
