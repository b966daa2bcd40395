package io.rephrase.training;

import io.rephrase.data.Guidance;
import io.rephrase.data.GuidanceSource;
import io.rephrase.data.Rephrasing;
import io.rephrase.data.Rollout;
import io.rephrase.data.RolloutGroup;
import io.rephrase.data.TeacherScore;
import io.rephrase.data.TrainingSample;
import io.rephrase.guidance.GuidanceReason;
import java.util.ArrayList;
import java.util.List;

/**
 * The final group as the trainer takes it: the sampled rollouts, and in the place of one of them
 * what was substituted. Rewards and advantages are the decision's, never computed again. Stateless
 * and thread-safe.
 */
public final class GroupSamples {

  private static final float[] NO_LOG_PROBS = new float[0];

  private GroupSamples() {}

  /**
   * The members of a group; none where the decision leaves it out. Where one answer is imitated it
   * is the only member.
   *
   * @param attempts the prompt's rephrasings, at least the one that was used
   * @param teacher the expert's solution, if it was used
   * @throws IllegalStateException if what the decision names is not among them
   */
  public static List<TrainingSample> of(
      RolloutGroup group,
      Guidance decision,
      List<Rephrasing> attempts,
      List<TeacherScore> teacher) {
    if (decision.skipped()) {
      return List.of();
    }
    if (group.rollouts().size() != decision.rewardsAfter().length) {
      throw new IllegalStateException(
          "%s has %d rollouts and its decision %d rewards: the decision is of another group"
              .formatted(name(decision), group.rollouts().size(), decision.rewardsAfter().length));
    }
    boolean imitated = decision.reason().equals(GuidanceReason.IMITATED.label());
    int replaced = decision.substitutedIndex().orElse(-1);
    List<TrainingSample> samples = new ArrayList<>();
    for (int index = 0; index < group.rollouts().size(); index++) {
      if (index == replaced) {
        samples.add(substituted(group, decision, attempts, teacher));
      } else if (!imitated) {
        samples.add(sampled(group, decision, index));
      }
    }
    return samples;
  }

  /** The expert's solution beside a group, as one member more with advantage 1. */
  public static TrainingSample beside(RolloutGroup group, TeacherScore teacher) {
    return new TrainingSample(
        group.position(),
        group.dataset(),
        group.promptId(),
        group.rollouts().size(),
        GuidanceSource.TEACHER,
        false,
        1,
        1,
        group.promptTokenIds(),
        teacher.knowledgeTokenIds(),
        NO_LOG_PROBS);
  }

  private static TrainingSample sampled(RolloutGroup group, Guidance decision, int index) {
    Rollout rollout = group.rollouts().get(index);
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
      RolloutGroup group,
      Guidance decision,
      List<Rephrasing> attempts,
      List<TeacherScore> teacher) {
    return switch (decision.source()) {
      case REPHRASED -> {
        Rephrasing used = used(decision, attempts);
        yield inPlace(group, decision, used.tokenIds(), used.logProbsUnderPqk());
      }
      case TEACHER -> {
        if (teacher.isEmpty()) {
          throw new IllegalStateException(
              name(decision) + " was given the expert's solution, which is not in teacher_scores");
        }
        yield inPlace(group, decision, teacher.get(0).knowledgeTokenIds(), NO_LOG_PROBS);
      }
      case NONE -> throw new IllegalStateException(name(decision) + " replaces by nothing");
    };
  }

  private static TrainingSample inPlace(
      RolloutGroup group, Guidance decision, int[] tokenIds, float[] behaviourLogProbs) {
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

  private static Rephrasing used(Guidance decision, List<Rephrasing> attempts) {
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
