package io.rephrase.bench;

import io.rephrase.data.GuidanceSource;
import io.rephrase.data.Seeds;
import io.rephrase.data.TrainingSample;
import io.rephrase.generation.Completion;
import io.rephrase.generation.EngineOptions;
import io.rephrase.generation.GenerationRequest;
import io.rephrase.generation.SamplingParams;
import io.rephrase.generation.Stopwatch;
import io.rephrase.generation.Throughput;
import io.rephrase.generation.TorchEngine;
import io.rephrase.loss.Algorithms;
import io.rephrase.model.TokenGradients;
import io.rephrase.model.TokenSequence;
import io.rephrase.model.TorchPolicyModel;
import io.rephrase.training.LearningRateSchedule;
import io.rephrase.training.PolicyTrainer;
import io.rephrase.training.TruncatedHandling;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** Measures forward and backward alone, and whole steps: rollouts, loss, optimizer. */
final class TrainingBench {
  private static final int MICRO_BATCH_TOKENS = 4096;

  private final TorchPolicyModel model;
  private final BenchPlan plan;
  private final ModelCost cost;
  private final MachineRates machine;

  TrainingBench(TorchPolicyModel model, BenchPlan plan, MachineRates machine) {
    this.model = model;
    this.plan = plan;
    this.cost = new ModelCost(model.config());
    this.machine = machine;
  }

  List<Measurement> measure() {
    double training =
        plan.rows() * machine.seconds(cost.trainingFlops(plan.promptTokens(), plan.newTokens()), 0);
    List<Measurement> found = new ArrayList<>();
    found.add(
        new Measurement(
            "forward_backward rows=" + plan.rows(), best(this::forwardBackward), training));
    try (TorchEngine engine = TorchEngine.sharing(model, EngineOptions.of(plan.rows()))) {
      PolicyTrainer trainer =
          new PolicyTrainer(model, Optional.empty(), settings(), PolicyTrainer.Start.ofRun());
      found.add(
          new Measurement(
              "step rows=" + plan.rows(),
              best(() -> step(engine, trainer)),
              training + decodeSeconds()));
    }
    return found;
  }

  private double decodeSeconds() {
    double seen = plan.promptTokens() + plan.newTokens() / 2.0;
    return (plan.newTokens() - 1)
        * machine.seconds(cost.stepFlops(plan.rows(), seen), cost.stepBytes(plan.rows(), seen));
  }

  /** Something that computes so many tokens. */
  private interface Work {
    long run();
  }

  private Throughput best(Work work) {
    work.run();
    Throughput best = time(work);
    for (int i = 1; i < plan.repeats(); i++) {
      Throughput next = time(work);
      best = next.seconds() < best.seconds() ? next : best;
    }
    return best;
  }

  private static Throughput time(Work work) {
    Stopwatch watch = new Stopwatch();
    Stopwatch.Start start = Stopwatch.Start.now();
    watch.add(start, work.run());
    return watch.total();
  }

  /** Prompt and completion tokens, all of which pass through the blocks. */
  private long forwardBackward() {
    List<TokenSequence> rows = new ArrayList<>();
    int vocabulary = model.config().vocabularySize();
    for (int row = 0; row < plan.rows(); row++) {
      rows.add(
          new TokenSequence(
              BenchIds.of(plan.promptTokens(), vocabulary, 2 * row),
              BenchIds.of(plan.newTokens(), vocabulary, 2 * row + 1)));
    }
    model.accumulateGradients(
        rows,
        1,
        (row, scores) -> {
          double[] ones = new double[scores.logProbs().length];
          java.util.Arrays.fill(ones, -1.0 / ones.length);
          return new TokenGradients(ones, new double[ones.length]);
        });
    model.zeroGradients();
    return (long) plan.rows() * (plan.promptTokens() + plan.newTokens());
  }

  /** Completion tokens, sampled and then learnt from. */
  private long step(TorchEngine engine, PolicyTrainer trainer) {
    List<TrainingSample> samples = new ArrayList<>();
    long tokens = 0;
    List<GenerationRequest> requests = requests();
    Iterator<Completion> completions = engine.generate(requests.iterator());
    while (completions.hasNext()) {
      Completion completion = completions.next();
      samples.add(sample(requests.get((int) completion.key()), completion));
      tokens += completion.tokenIds().length;
    }
    trainer.iterate(List.of(samples), outcome -> {});
    return tokens;
  }

  private List<GenerationRequest> requests() {
    SamplingParams sampling = new SamplingParams(1, 1, 0, false, plan.newTokens(), false);
    List<GenerationRequest> requests = new ArrayList<>();
    int[] prompt = {};
    for (int i = 0; i < plan.rows(); i++) {
      if (i % plan.groupSize() == 0) {
        prompt = BenchIds.of(plan.promptTokens(), model.config().vocabularySize(), i);
      }
      requests.add(new GenerationRequest(i, prompt, Seeds.sample(0, "bench", 0, "", i), sampling));
    }
    return requests;
  }

  /** Every second rollout succeeded: no advantage is 0, so that all of them are trained on. */
  private TrainingSample sample(GenerationRequest request, Completion completion) {
    int index = (int) request.key();
    int success = index % 2;
    return new TrainingSample(
        index / plan.groupSize(),
        "bench",
        String.valueOf(index / plan.groupSize()),
        index % plan.groupSize(),
        GuidanceSource.NONE,
        false,
        success,
        2 * success - 1,
        request.promptIds(),
        completion.tokenIds(),
        new float[0]);
  }

  private PolicyTrainer.Config settings() {
    return new PolicyTrainer.Config(
        Algorithms.GRPO.with(Algorithms.GRPO.defaults()).objective(),
        new LearningRateSchedule(1e-6, LearningRateSchedule.Shape.CONSTANT, 0, 1),
        0.9,
        0.999,
        1e-8,
        0,
        1,
        MICRO_BATCH_TOKENS,
        1,
        TruncatedHandling.PENALISE,
        plan.newTokens(),
        1);
  }
}
