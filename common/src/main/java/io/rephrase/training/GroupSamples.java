package io.rephrase.training;

import io.rephrase.data.Guidance;
import io.rephrase.data.GuidanceSource;
import io.rephrase.data.OfferedRephrasing;
import io.rephrase.data.OfferedSolution;
import io.rephrase.data.SampledGroup;
import io.rephrase.data.SampledGroup.Completion;
import io.rephrase.data.TrainingSample;
import io.rephrase.guidance.GuidanceReason;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * The final group as the trainer takes it: the sampled rollouts, in the place of one of them what
 * was substituted, and beside them what is imitated. Rewards and advantages are the decision's,
 * never computed again. Stateless and thread-safe.
 */
public final class GroupSamples {

  private static final float[] NO_LOG_PROBS = new float[0];

  private GroupSamples() {}

  /**
   * The members of a group; none where the decision leaves it out. Where one answer is imitated it
   * is the only member; it is compared with nothing, so that it has no reward here.
   *
   * @param attempts the prompt's rephrasings, at least the one that was used
   * @param teacher the expert's solution, if it was used
   * @throws IllegalStateException if what the decision names is not among them
   */
  public static List<TrainingSample> of(
      SampledGroup group,
      Guidance decision,
      List<OfferedRephrasing> attempts,
      List<OfferedSolution> teacher) {
    if (decision.skipped()) {
      return List.of();
    }
    if (is(decision, GuidanceReason.IMITATED)) {
      return List.of(imitated(substituted(group, decision, attempts, teacher)));
    }
    Map<Integer, Completion> rollouts = bySampleIndex(group, decision);
    int replaced = decision.substitutedIndex().orElse(-1);
    List<TrainingSample> samples = new ArrayList<>();
    for (int index = 0; index < decision.rewardsAfter().length; index++) {
      if (index == replaced) {
        samples.add(substituted(group, decision, attempts, teacher));
      } else if (rollouts.containsKey(index)) {
        samples.add(sampled(group, decision, rollouts.get(index)));
      }
    }
    if (is(decision, GuidanceReason.TEACHER_BESIDE)) {
      samples.add(beside(group, decision, expert(decision, teacher)));
    }
    return samples;
  }

  /** Whether {@link #of} needs the expert's solution for this decision. */
  public static boolean takesSolution(Guidance decision) {
    return decision.source() == GuidanceSource.TEACHER
        || is(decision, GuidanceReason.TEACHER_BESIDE);
  }

  private static boolean is(Guidance decision, GuidanceReason reason) {
    return decision.reason().equals(reason.label());
  }

  /** A slot kept for the expert has no rollout. */
  private static Map<Integer, Completion> bySampleIndex(SampledGroup group, Guidance decision) {
    Map<Integer, Completion> rollouts = new HashMap<>();
    group.rollouts().forEach(rollout -> rollouts.put(rollout.sampleIndex(), rollout));
    double[] rewards = decision.rewards();
    boolean covered =
        IntStream.range(0, rewards.length)
            .allMatch(index -> rollouts.containsKey(index) || Double.isNaN(rewards[index]));
    boolean within = rollouts.keySet().stream().allMatch(index -> index < rewards.length);
    if (!covered || !within) {
      throw new IllegalStateException(
          "%s has rollouts %s and its decision %d rewards: the decision is of another group"
              .formatted(name(decision), new TreeSet<>(rollouts.keySet()), rewards.length));
    }
    return rollouts;
  }

  /** The expert's solution beside a group, as one member more with advantage 1. */
  private static TrainingSample beside(
      SampledGroup group, Guidance decision, OfferedSolution teacher) {
    return new TrainingSample(
        group.position(),
        group.dataset(),
        group.promptId(),
        decision.rewards().length,
        GuidanceSource.TEACHER,
        false,
        Double.NaN,
        1,
        group.promptTokenIds(),
        teacher.knowledgeTokenIds(),
        NO_LOG_PROBS);
  }

  private static TrainingSample imitated(TrainingSample sample) {
    return new TrainingSample(
        sample.position(),
        sample.dataset(),
        sample.promptId(),
        sample.sampleIndex(),
        sample.source(),
        sample.truncated(),
        Double.NaN,
        sample.advantage(),
        sample.promptIds(),
        sample.completionIds(),
        sample.behaviourLogProbs());
  }

  private static TrainingSample sampled(SampledGroup group, Guidance decision, Completion rollout) {
    int index = rollout.sampleIndex();
    return new TrainingSample(
        group.position(),
        group.dataset(),
        group.promptId(),
        index,
        GuidanceSource.NONE,
        rollout.truncated(),
        decision.rewardsAfter()[index],
        decision.advantages()[index],
        group.promptTokenIds(),
        rollout.tokenIds(),
        NO_LOG_PROBS);
  }

  private static TrainingSample substituted(
      SampledGroup group,
      Guidance decision,
      List<OfferedRephrasing> attempts,
      List<OfferedSolution> teacher) {
    return switch (decision.source()) {
      case REPHRASED -> {
        OfferedRephrasing used = used(decision, attempts);
        yield inPlace(group, decision, used.tokenIds(), used.logProbsUnderPqk());
      }
      case TEACHER ->
          inPlace(group, decision, expert(decision, teacher).knowledgeTokenIds(), NO_LOG_PROBS);
      case NONE -> throw new IllegalStateException(name(decision) + " replaces by nothing");
    };
  }

  private static TrainingSample inPlace(
      SampledGroup group, Guidance decision, int[] tokenIds, float[] behaviourLogProbs) {
    int index = decision.substitutedIndex().orElseThrow();
    return new TrainingSample(
        group.position(),
        group.dataset(),
        group.promptId(),
        index,
        decision.source(),
        false,
        decision.rewardsAfter()[index],
        decision.advantages()[index],
        group.promptTokenIds(),
        tokenIds,
        behaviourLogProbs);
  }

  private static OfferedSolution expert(Guidance decision, List<OfferedSolution> teacher) {
    return teacher.stream()
        .filter(OfferedSolution::usable)
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    name(decision)
                        + " was given the expert's solution, which is not in teacher_scores"));
  }

  private static OfferedRephrasing used(Guidance decision, List<OfferedRephrasing> attempts) {
    int attempt = decision.attemptIndex().orElse(-1);
    return attempts.stream()
        .filter(candidate -> candidate.attempt() == attempt)
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "%s was given attempt %d, which is not in rephrasings"
                        .formatted(name(decision), attempt)));
  }

  private static String name(Guidance decision) {
    return "iteration %d, prompt %s/%s"
        .formatted(decision.iteration(), decision.dataset(), decision.promptId());
  }
}
