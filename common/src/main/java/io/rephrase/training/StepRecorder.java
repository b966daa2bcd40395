package io.rephrase.training;

import io.rephrase.data.Guidance;
import io.rephrase.data.GuidanceSource;
import io.rephrase.data.StepMetrics;
import io.rephrase.data.TrainingSample;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.DoubleStream;

/**
 * Turns what a step was made of and what it did into its row of {@code training_steps}. Immutable
 * and thread-safe.
 *
 * @param runId the run
 * @param iteration from 0
 * @param policyVersion policy the iteration started from
 */
public record StepRecorder(String runId, int iteration, int policyVersion) {

  /**
   * The metrics of one step.
   *
   * @param decisions of the step's groups, those left out included
   * @param samples that the trainer was given
   * @param outcome of the trainer
   */
  public StepMetrics record(
      List<Guidance> decisions, List<TrainingSample> samples, StepOutcome outcome) {
    StepMeters meters = outcome.meters();
    double[] before = rewards(decisions.stream().map(Guidance::rewards).toList());
    double[] after = rewards(decisions.stream().map(Guidance::rewardsAfter).toList());
    long tokens = samples.stream().mapToLong(sample -> sample.completionIds().length).sum();
    return new StepMetrics(
        runId,
        iteration,
        policyVersion,
        outcome.step(),
        outcome.learningRate(),
        outcome.skipped(),
        finite(outcome.loss()),
        finite(outcome.gradientNorm()),
        decisions.size(),
        count(decisions, Guidance::hard),
        count(decisions, StepRecorder::substituted),
        count(decisions, decision -> hardAndLearning(decision) && substituted(decision)),
        count(decisions, decision -> hardAndLearning(decision) && !substituted(decision)),
        count(decisions, Guidance::zeroVariance),
        count(decisions, Guidance::skipped),
        mean(before),
        deviation(before),
        mean(after),
        deviation(after),
        finite(meters.entropy()),
        finite(meters.klOld()),
        finite(meters.klReference()),
        meters.clipFractionLow(),
        meters.clipFractionHigh(),
        tokens,
        meters.onPolicyTokens(),
        meters.substitutedTokens(),
        lengthMean(samples, sample -> true),
        lengthMean(samples, sample -> sample.source() != GuidanceSource.NONE),
        mean(samples.stream().mapToDouble(sample -> sample.truncated() ? 1 : 0).toArray()),
        finite(meters.substitutedLogRatio()),
        finite(meters.substitutedPerplexityUnderQ()),
        finite(meters.substitutedPerplexityUnderPqk()),
        finite(meters.effectiveSampleSize()),
        outcome.seconds(),
        outcome.seconds() > 0 ? tokens / outcome.seconds() : 0);
  }

  private static boolean substituted(Guidance decision) {
    return decision.source() != GuidanceSource.NONE;
  }

  private static boolean hardAndLearning(Guidance decision) {
    return decision.hard() && !decision.zeroVariance() && !decision.skipped();
  }

  private static int count(List<Guidance> decisions, Predicate<Guidance> counted) {
    return (int) decisions.stream().filter(counted).count();
  }

  private static double lengthMean(
      List<TrainingSample> samples, Predicate<TrainingSample> measured) {
    return mean(
        samples.stream()
            .filter(measured)
            .mapToDouble(sample -> sample.completionIds().length)
            .toArray());
  }

  private static double[] rewards(List<double[]> groups) {
    return groups.stream()
        .flatMapToDouble(DoubleStream::of)
        .filter(reward -> !Double.isNaN(reward))
        .toArray();
  }

  private static double mean(double[] values) {
    return DoubleStream.of(values).average().orElse(Double.NaN);
  }

  private static double deviation(double[] values) {
    double mean = mean(values);
    double squares = DoubleStream.of(values).map(v -> (v - mean) * (v - mean)).sum();
    return values.length < 2 ? Double.NaN : Math.sqrt(squares / (values.length - 1));
  }

  /** A table holds NULL where there is no number. */
  private static double finite(double value) {
    return Double.isFinite(value) ? value : Double.NaN;
  }
}
