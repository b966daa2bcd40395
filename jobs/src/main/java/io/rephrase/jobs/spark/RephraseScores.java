package io.rephrase.jobs.spark;

import io.rephrase.data.FinishReason;
import io.rephrase.data.Rephrasing;
import io.rephrase.generation.Completion;
import io.rephrase.generation.GenerationEngine;
import io.rephrase.model.TokenScores;
import io.rephrase.model.TokenSequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Scores the attempts that are accepted, or would be with another verdict, by two full forwards of
 * the policy that sampled them: after P(q,k) and after the bare q.
 */
final class RephraseScores {

  private final GenerationEngine engine;
  private final double temperature;

  RephraseScores(GenerationEngine engine, double temperature) {
    this.engine = engine;
    this.temperature = temperature;
  }

  List<Rephrasing> score(
      EngineSpec spec, RephrasePartitions.Settings settings, List<RephraseJudge.Judged> judged) {
    List<TokenSequence> underPqk = new ArrayList<>();
    List<TokenSequence> underQ = new ArrayList<>();
    for (RephraseJudge.Judged one : judged) {
      if (scorable(one)) {
        underPqk.add(new TokenSequence(one.task().rephraseIds(), one.tokenIds()));
        underQ.add(new TokenSequence(one.task().questionIds(), one.tokenIds()));
      }
    }
    List<TokenScores> pqk = ModelClock.timed(() -> engine.score(underPqk, temperature));
    List<TokenScores> q = ModelClock.timed(() -> engine.score(underQ, temperature));
    List<Rephrasing> rows = new ArrayList<>();
    int next = 0;
    for (RephraseJudge.Judged one : judged) {
      boolean scored = scorable(one);
      float[] mu = scored ? Scores.floats(pqk.get(next).logProbs()) : new float[0];
      float[] bare = scored ? Scores.floats(q.get(next).logProbs()) : new float[0];
      next += scored ? 1 : 0;
      rows.add(row(spec, settings, one, mu, bare));
    }
    return rows;
  }

  /** Acceptable and within the context: an appended end can be one token too many. */
  private boolean scorable(RephraseJudge.Judged judged) {
    return judged.outcome().acceptable()
        && judged.task().rephraseIds().length + judged.tokenIds().length <= engine.contextTokens();
  }

  private static Rephrasing row(
      EngineSpec spec,
      RephrasePartitions.Settings settings,
      RephraseJudge.Judged judged,
      float[] underPqk,
      float[] underQ) {
    Optional<Completion> sampled = judged.completion();
    boolean accepted = judged.outcome().accepted() && underQ.length > 0;
    return new Rephrasing(
        spec.runId(),
        settings.iteration(),
        settings.policyVersion(),
        judged.task().prompt().dataset(),
        judged.task().prompt().promptId(),
        judged.task().attempt(),
        judged.task().position(),
        spec.policyVersion(),
        judged.task().seed(),
        sampled.map(Completion::finishReason).orElse(FinishReason.CONTEXT),
        judged.graded().reward(),
        judged.graded().extracted(),
        judged.graded().rule(),
        judged.graded().status(),
        accepted,
        accepted
            ? Optional.empty()
            : judged
                .outcome()
                .rejectReason()
                .or(() -> Optional.of(io.rephrase.data.RejectReason.KNOWLEDGE_TOO_LONG)),
        sampled.map(completion -> judged.outcome().copyShare()),
        sampled.map(completion -> judged.outcome().longestCommonRun()),
        judged.outcome().reasoningShare(),
        judged.span().start(),
        judged.span().end(),
        sampled.flatMap(Completion::error),
        sampled.map(Completion::latencyMs).orElse(0L),
        judged.graded().judgeAnswer(),
        judged.graded().text(),
        judged.rawText(),
        sampled.map(Completion::tokenIds).orElse(new int[0]),
        sampled.map(Completion::logProbs).orElse(new float[0]),
        judged.tokenIds(),
        underPqk,
        underQ);
  }
}
