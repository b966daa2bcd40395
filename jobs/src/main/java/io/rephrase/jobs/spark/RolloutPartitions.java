package io.rephrase.jobs.spark;

import io.rephrase.data.Prompt;
import io.rephrase.data.Rollout;
import io.rephrase.data.RolloutGroup;
import io.rephrase.data.Seeds;
import io.rephrase.generation.Completion;
import io.rephrase.generation.GenerationRequest;
import io.rephrase.generation.SamplingParams;
import io.rephrase.guidance.DynamicSampling;
import io.rephrase.jobs.table.RecordCodec;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Row;

/**
 * On an executor: samples and verifies the rollouts of each prompt of a task, one row of {@code
 * rollout_groups} a prompt, in position order.
 */
public final class RolloutPartitions implements FlatMapFunction<PromptRows, Row> {

  private static final long serialVersionUID = 1;
  static final String STAGE = "rollout";

  /**
   * What all tasks of the stage share.
   *
   * @param iteration from 0
   * @param round of dynamic sampling
   * @param slots of a group that are sampled
   * @param keep which groups go to training
   * @param runSeed of the run
   * @param sampling how tokens are drawn
   * @param journal of the chunk's answers
   */
  public record Settings(
      int iteration,
      int round,
      Slots slots,
      Keep keep,
      long runSeed,
      SamplingParams sampling,
      AnswerJournal journal)
      implements Serializable {}

  /**
   * The members of a group that are sampled.
   *
   * @param first sample index, 1 where slot 0 is the expert's
   * @param count of them; 0 samples nothing and writes the group's prompt
   */
  public record Slots(int first, int count) implements Serializable {
    public Slots {
      if (first < 0 || count < 0) {
        throw new IllegalArgumentException(
            "first and count must not be negative, got %d and %d".formatted(first, count));
      }
    }
  }

  /** Which groups go to training. */
  public enum Keep {
    ALL,
    /** Dynamic sampling: a group whose rewards are all equal is dropped. */
    WITH_VARIANCE
  }

  private final EngineSpec engine;
  private final PromptSpec prompts;
  private final Settings settings;
  private final RecordCodec<Prompt> promptCodec;
  private final RecordCodec<RolloutGroup> groupCodec;

  public RolloutPartitions(
      EngineSpec engine,
      PromptSpec prompts,
      Settings settings,
      RecordCodec<Prompt> promptCodec,
      RecordCodec<RolloutGroup> groupCodec) {
    this.engine = engine;
    this.prompts = prompts;
    this.settings = settings;
    this.promptCodec = promptCodec;
    this.groupCodec = groupCodec;
  }

  @Override
  public Iterator<Row> call(PromptRows share) {
    List<Prompt> asked = share.prompts().stream().map(promptCodec::fromRow).toList();
    try (ExecutorEngines.Lease lease = ExecutorEngines.acquire(engine, PolicyLoader.of(engine))) {
      Answers answers = new Answers(lease.policy(), prompts);
      List<int[]> promptIds = asked.stream().map(answers::questionIds).toList();
      int count = settings.slots().count();
      Answered[] answered = new Answered[asked.size() * count];
      Iterator<Completion> completions =
          ModelClock.timed(
              settings
                  .journal()
                  .generate(lease.policy().engine(), requests(asked, promptIds).iterator()));
      while (completions.hasNext()) {
        Completion completion = completions.next();
        int key = (int) completion.key();
        answered[key] = new Answered(completion, answers.grade(asked.get(key / count), completion));
      }
      List<Row> rows = new ArrayList<>();
      for (int i = 0; i < asked.size(); i++) {
        List<Answered> own = List.of(answered).subList(i * count, (i + 1) * count);
        List<Rollout> rollouts = rollouts(asked.get(i), own);
        int position = share.positions().get(i);
        rows.add(groupCodec.toRow(group(asked.get(i), position, promptIds.get(i), rollouts)));
      }
      return rows.iterator();
    }
  }

  private List<Rollout> rollouts(Prompt prompt, List<Answered> answered) {
    List<Rollout> rollouts = new ArrayList<>();
    for (Answered one : answered) {
      rollouts.add(rollout(prompt, settings.slots().first() + rollouts.size(), one));
    }
    return rollouts;
  }

  private Stream<GenerationRequest> requests(List<Prompt> asked, List<int[]> promptIds) {
    Slots slots = settings.slots();
    return IntStream.range(0, asked.size() * slots.count())
        .mapToObj(
            key ->
                new GenerationRequest(
                    key,
                    promptIds.get(key / slots.count()),
                    seed(asked.get(key / slots.count()), slots.first() + key % slots.count()),
                    settings.sampling()));
  }

  private long seed(Prompt prompt, int sample) {
    String stage = settings.round() == 0 ? STAGE : STAGE + "/" + settings.round();
    return Seeds.sample(
        settings.runSeed(), stage, settings.iteration(), Answers.key(prompt), sample);
  }

  private Rollout rollout(Prompt prompt, int sample, Answered answered) {
    Completion completion = answered.completion();
    Answers.Graded graded = answered.grading().graded();
    return new Rollout(
        sample,
        seed(prompt, sample),
        completion.finishReason(),
        graded.reward(),
        graded.extracted(),
        graded.rule(),
        graded.status(),
        completion.error(),
        completion.latencyMs(),
        graded.judgeAnswer(),
        graded.text(),
        completion.tokenIds(),
        completion.logProbs());
  }

  private boolean kept(List<Rollout> rollouts) {
    return switch (settings.keep()) {
      case ALL -> true;
      case WITH_VARIANCE ->
          DynamicSampling.keeps(
              rollouts.stream().mapToDouble(r -> r.reward().orElse(Double.NaN)).toArray());
    };
  }

  private RolloutGroup group(Prompt prompt, int position, int[] promptIds, List<Rollout> rollouts) {
    return new RolloutGroup(
        engine.runId(),
        settings.iteration(),
        engine.policyVersion(),
        prompt.dataset(),
        prompt.promptId(),
        settings.round(),
        position,
        kept(rollouts),
        prompt.difficulty(),
        promptIds,
        rollouts);
  }

  /** A completion whose verdict may be under way. */
  private record Answered(Completion completion, Grading grading) {}
}
