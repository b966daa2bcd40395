package io.rephrase.jobs;

import io.rephrase.data.LaterVerdict;
import io.rephrase.data.Prompt;
import io.rephrase.data.Verdict;
import io.rephrase.data.VerdictStatus;
import io.rephrase.reward.Judge;
import io.rephrase.reward.Verifier;
import io.rephrase.reward.Verifiers;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletableFuture;

/**
 * A stored answer to a prompt that wants a judge.
 *
 * @param policyVersion that gave it
 * @param prompt that it answers
 * @param round of the group, for a rollout; 0 otherwise
 * @param target which answer of the prompt, as {@link LaterVerdicts} names it
 * @param status of its verdict
 * @param text the answer
 */
record JudgedAnswer(
    int policyVersion, Prompt prompt, int round, String target, VerdictStatus status, String text) {

  /** Whether it has no reward as the judge failed, and no later one. */
  boolean failed(LaterVerdicts later) {
    return status == VerdictStatus.JUDGE_FAILED
        && later.reward(prompt.dataset(), prompt.promptId(), round, target).isEmpty();
  }

  CompletableFuture<Verdict> ask(Judge judge) {
    return Verifiers.forPrompt(prompt, judge).verifyAsync(text, prompt.gold());
  }

  LaterVerdict row(String runId, int iteration, Verdict verdict) {
    Verifier verifier = Verifiers.named(prompt.verifier());
    return new LaterVerdict(
        runId,
        iteration,
        policyVersion,
        prompt.dataset(),
        prompt.promptId(),
        round,
        target,
        verifier.name(),
        Integer.toString(verifier.version()),
        Instant.now().truncatedTo(ChronoUnit.MICROS),
        verdict.reward(),
        verdict.extracted(),
        verdict.rule(),
        verdict.status(),
        verdict.judgeAnswer());
  }
}
