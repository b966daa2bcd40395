package io.rephrase.training;

import io.rephrase.data.TrainingSample;
import io.rephrase.loss.LossRow;
import io.rephrase.loss.Objective;
import io.rephrase.loss.StepShape;
import io.rephrase.model.AdamWSettings;
import io.rephrase.model.PolicyModel;
import io.rephrase.model.TokenScores;
import io.rephrase.model.TokenSequence;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Turns an iteration's completions into optimizer steps. l_old is this trainer's own forward with
 * the iteration's starting weights, under the bare question, at the rollout temperature; with one
 * step an iteration it is the step's own forward held constant, so that the ratio is 1 and the
 * gradient still flows. What a step is divided by is known before its first micro-batch: any split
 * gives the same gradient. Uses, and does not close, the models. Not thread-safe.
 */
public final class PolicyTrainer {

  /**
   * How to train.
   *
   * @param objective that is minimised
   * @param schedule of the learning rate
   * @param beta1 of AdamW
   * @param beta2 of AdamW
   * @param epsilon of AdamW
   * @param weightDecay of AdamW
   * @param maxGradientNorm global norm gradients are clipped to
   * @param microBatchTokens of one forward, prompts included
   * @param temperature the rollouts were sampled at
   * @param truncated what happens to completions that did not end
   * @param maxCompletionTokens the longest completion allowed
   * @param maxSkippedSteps as many steps in a row without a finite gradient stop the run
   */
  public record Config(
      Objective objective,
      LearningRateSchedule schedule,
      double beta1,
      double beta2,
      double epsilon,
      double weightDecay,
      double maxGradientNorm,
      int microBatchTokens,
      double temperature,
      TruncatedHandling truncated,
      int maxCompletionTokens,
      int maxSkippedSteps) {
    public Config {
      if (microBatchTokens < 1 || maxSkippedSteps < 1) {
        throw new IllegalArgumentException(
            "microBatchTokens and maxSkippedSteps must be at least 1, got %d and %d"
                .formatted(microBatchTokens, maxSkippedSteps));
      }
    }
  }

  /**
   * Where a run stands before its next step.
   *
   * @param steps optimizer steps made already
   * @param skippedInARow how many of the last ones made no update
   */
  public record Start(long steps, int skippedInARow) {

    /** A run without a step. */
    public static Start ofRun() {
      return new Start(0, 0);
    }
  }

  private final PolicyModel model;
  private final Optional<PolicyModel> reference;
  private final Config config;
  private long nextStep;
  private int skippedInARow;

  /**
   * @param reference for the KL penalty; needed where its coefficient is above 0
   * @param start where the run stands
   */
  public PolicyTrainer(
      PolicyModel model, Optional<PolicyModel> reference, Config config, Start start) {
    if (config.objective().kl().coefficient() > 0 && reference.isEmpty()) {
      throw new IllegalArgumentException("a KL penalty needs its reference model");
    }
    this.model = model;
    this.reference = reference;
    this.config = config;
    this.nextStep = start.steps();
    this.skippedInARow = start.skippedInARow();
  }

  /**
   * One iteration: one optimizer step for each list of samples.
   *
   * @param steps the samples of each step
   * @param listener told of each step when it has ended
   * @throws TrainingDivergedException if too many steps in a row had to be skipped
   */
  public void iterate(List<List<TrainingSample>> steps, Consumer<StepOutcome> listener) {
    Map<TrainingSample, double[]> old =
        steps.size() == 1 ? Map.of() : scores(model, steps.stream().flatMap(List::stream).toList());
    for (List<TrainingSample> samples : steps) {
      StepOutcome outcome = step(samples, old);
      listener.accept(outcome);
      countSkipped(outcome);
    }
  }

  private StepOutcome step(List<TrainingSample> samples, Map<TrainingSample, double[]> old) {
    long started = System.nanoTime();
    StepRows rows = new StepRows(samples, config.truncated(), config.maxCompletionTokens());
    StepShape shape = rows.shape();
    List<StepRows.Row> moving = rows.moving(config.objective().movesWithoutAdvantage());
    Map<TrainingSample, double[]> referenceScores =
        reference
            .map(r -> scores(r, moving.stream().map(StepRows.Row::sample).toList()))
            .orElse(Map.of());
    StepMeters meters = new StepMeters(rows.all());
    double loss = 0;
    for (List<StepRows.Row> batch : StepRows.microBatches(moving, config.microBatchTokens())) {
      loss += accumulate(batch, old, referenceScores, shape, meters);
    }
    double rate = config.schedule().at(nextStep);
    if (moving.isEmpty()) {
      // Nothing teaches: no update is made, and AdamW's own count of steps stands still.
      double seconds = (System.nanoTime() - started) / 1e9;
      return new StepOutcome(nextStep++, rate, false, Double.NaN, Double.NaN, meters, seconds);
    }
    double norm = model.clipGradients(config.maxGradientNorm());
    boolean finite = Double.isFinite(loss) && Double.isFinite(norm);
    if (finite) {
      model.step(
          new AdamWSettings(
              rate, config.beta1(), config.beta2(), config.epsilon(), config.weightDecay()));
    }
    model.zeroGradients();
    double seconds = (System.nanoTime() - started) / 1e9;
    return new StepOutcome(nextStep++, rate, !finite, loss, norm, meters, seconds);
  }

  private void countSkipped(StepOutcome outcome) {
    skippedInARow = outcome.skipped() ? skippedInARow + 1 : 0;
    if (skippedInARow >= config.maxSkippedSteps()) {
      throw new TrainingDivergedException(skippedInARow, outcome.step());
    }
  }

  private double accumulate(
      List<StepRows.Row> batch,
      Map<TrainingSample, double[]> old,
      Map<TrainingSample, double[]> referenceScores,
      StepShape shape,
      StepMeters meters) {
    List<TokenSequence> sequences = batch.stream().map(row -> sequence(row.sample())).toList();
    double[] loss = new double[1];
    model.accumulateGradients(
        sequences,
        config.temperature(),
        (index, scores) -> {
          StepRows.Row row = batch.get(index);
          LossRow lossRow =
              new LossRow(
                  row.source(),
                  row.advantage(),
                  scores.logProbs(),
                  old.getOrDefault(row.sample(), scores.logProbs()),
                  doubles(row.sample().behaviourLogProbs()),
                  referenceScores.getOrDefault(row.sample(), new double[0]),
                  row.mask());
          Objective.Output output = config.objective().compute(lossRow, scores.entropies(), shape);
          loss[0] += output.loss();
          meters.add(lossRow, scores.entropies(), output);
          return output.gradients();
        });
    return loss[0];
  }

  private Map<TrainingSample, double[]> scores(PolicyModel scorer, List<TrainingSample> samples) {
    List<TrainingSample> scored =
        samples.stream().filter(sample -> sample.completionIds().length > 0).toList();
    List<TokenSequence> sequences = new ArrayList<>();
    scored.forEach(sample -> sequences.add(sequence(sample)));
    List<TokenScores> scores = scorer.score(sequences, config.temperature());
    // By identity: two samples of a group may well be equal.
    Map<TrainingSample, double[]> bySample = new IdentityHashMap<>();
    for (int i = 0; i < scored.size(); i++) {
      bySample.put(scored.get(i), scores.get(i).logProbs());
    }
    return bySample;
  }

  private static TokenSequence sequence(TrainingSample sample) {
    return new TokenSequence(sample.promptIds(), sample.completionIds());
  }

  private static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }
}
