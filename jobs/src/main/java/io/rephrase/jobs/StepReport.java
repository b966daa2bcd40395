package io.rephrase.jobs;

import io.rephrase.data.GuidanceSource;
import io.rephrase.data.StepMetrics;
import io.rephrase.data.TrainingSample;
import io.rephrase.jobs.SampleReader.DecidedGroup;
import io.rephrase.jobs.SampleReader.StepGroups;
import io.rephrase.training.StepMeters;
import io.rephrase.training.StepOutcome;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;

/** The row of {@code training_steps} for one optimizer step over some groups. */
final class StepReport {

  private StepReport() {}

  static StepMetrics of(RunContext run, int iteration, StepGroups dealt, StepOutcome step) {
    List<DecidedGroup> groups = dealt.groups();
    StepMeters meters = step.meters();
    double[] before = rewards(groups.stream().map(g -> g.guidance().rewards()).toList());
    double[] after = rewards(groups.stream().map(g -> g.guidance().rewardsAfter()).toList());
    List<TrainingSample> samples = dealt.samples();
    long tokens = samples.stream().mapToLong(s -> s.completionIds().length).sum();
    return new StepMetrics(
        run.runId(),
        iteration,
        iteration,
        step.step(),
        step.learningRate(),
        step.skipped(),
        finite(step.loss()),
        finite(step.gradientNorm()),
        groups.size(),
        count(groups, g -> g.guidance().hard()),
        count(groups, g -> g.guidance().substitutedIndex().isPresent()),
        count(groups, StepReport::learnsBySubstitution),
        count(groups, StepReport::learnsByLuck),
        count(groups, g -> g.guidance().zeroVariance()),
        count(groups, g -> g.guidance().skipped()),
        mean(before),
        deviation(before),
        mean(after),
        deviation(after),
        dealt.sampled().surprisal(),
        meters.entropy(),
        meters.substitutedEntropy(),
        meters.klOld(),
        meters.klReference(),
        meters.clipFractionLow(),
        meters.clipFractionHigh(),
        tokens,
        meters.onPolicyTokens(),
        meters.substitutedTokens(),
        meters.trainedTokens(),
        dealt.sampled().meanLength(),
        length(samples.stream().filter(s -> s.source() != GuidanceSource.NONE).toList()),
        dealt.sampled().truncatedShare(),
        meters.substitutedLogRatio(),
        meters.substitutedPerplexityUnderQ(),
        meters.substitutedPerplexityUnderPqk(),
        meters.effectiveSampleSize(),
        step.seconds(),
        tokens / step.seconds());
  }

  private static boolean learnsBySubstitution(DecidedGroup group) {
    return group.guidance().hard()
        && !group.guidance().zeroVariance()
        && !differ(group.guidance().rewards());
  }

  private static boolean learnsByLuck(DecidedGroup group) {
    return group.guidance().hard()
        && !group.guidance().zeroVariance()
        && differ(group.guidance().rewards());
  }

  /** Whether the sampled rewards alone would have taught something. */
  private static boolean differ(double[] rewards) {
    return Arrays.stream(rewards).filter(r -> !Double.isNaN(r)).distinct().count() > 1;
  }

  private static int count(
      List<DecidedGroup> groups, java.util.function.Predicate<DecidedGroup> which) {
    return (int) groups.stream().filter(which).count();
  }

  private static double[] rewards(List<double[]> groups) {
    return groups.stream()
        .flatMapToDouble(Arrays::stream)
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

  private static double length(List<TrainingSample> samples) {
    return samples.stream().mapToInt(s -> s.completionIds().length).average().orElse(Double.NaN);
  }

  private static double finite(double value) {
    return Double.isFinite(value) ? value : Double.NaN;
  }
}
