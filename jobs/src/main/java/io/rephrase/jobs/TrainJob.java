package io.rephrase.jobs;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.rephrase.config.WeightType;
import io.rephrase.data.Checkpoint;
import io.rephrase.data.StepMetrics;
import io.rephrase.jobs.CheckpointStore.Kept;
import io.rephrase.jobs.SampleReader.StepGroups;
import io.rephrase.jobs.spark.ExecutorEngines;
import io.rephrase.jobs.spark.GpuResources;
import io.rephrase.jobs.spark.ModelClock;
import io.rephrase.jobs.table.Stage;
import io.rephrase.jobs.table.StagePlan;
import io.rephrase.jobs.table.Tables;
import io.rephrase.model.ModelOptions;
import io.rephrase.model.PolicyFolder;
import io.rephrase.model.PolicyModel;
import io.rephrase.model.PolicyModels;
import io.rephrase.model.TorchPolicyModel;
import io.rephrase.model.weights.TensorType;
import io.rephrase.progress.ProgressStage;
import io.rephrase.torch.ScriptModule;
import io.rephrase.training.CheckpointFolder;
import io.rephrase.training.PolicyTrainer;
import io.rephrase.training.StepOutcome;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Trains on the driver: the iteration's final groups to {@code training_steps} and the next policy.
 * Atomic per iteration: weights, optimizer and metrics go to a fresh folder, its manifest last;
 * then all rows of {@code training_steps} in one commit; then the checkpoint row, which alone makes
 * the policy real. A restart in between takes the saved folder up. Keeps its model between
 * iterations; whoever made it closes it. Not thread-safe.
 */
public final class TrainJob implements StageJob, AutoCloseable {

  private static final Gson GSON = new GsonBuilder().serializeSpecialFloatingPointValues().create();

  private final RunContext run;
  private final PolicyTrainer.Config config;
  private final CheckpointCatalogue checkpoints;
  private Optional<Held> held = Optional.empty();
  private Optional<PolicyModel> reference = Optional.empty();

  /** The model in memory, which policy it is, and how many steps made it. */
  private record Held(TorchPolicyModel model, int policyVersion, long steps) {}

  TrainJob(RunContext run, PolicyTrainer.Config config, CheckpointCatalogue checkpoints) {
    this.run = run;
    this.config = config;
    this.checkpoints = checkpoints;
  }

  /** As {@code rephrase train} does. */
  public static void main(String[] words) {
    JobMain.start(Jobs.TRAIN, words);
  }

  @Override
  public boolean done(int iteration) {
    return checkpoints.exists(iteration + 1);
  }

  /** Publishes policy {@code iteration + 1}; returns at once when it exists. */
  @Override
  public void run(int iteration) {
    if (done(iteration)) {
      return;
    }
    int next = iteration + 1;
    Checkpoint policy = checkpoints.at(iteration);
    run.requireDone(Stage.GUIDANCE, Tables.GUIDANCE, iteration);
    StagePlan plan = run.log().plan(Stage.TRAIN, iteration, 1);
    String mark = plan.chunk(0).transactionId();
    try (ProgressStage stage =
        run.progress().stage(StageNames.of(run, iteration, "train"), 0, "steps")) {
      Kept kept =
          checkpoints
              .store()
              .finished(next, mark)
              .orElseGet(() -> checkpoints.store().keep(train(iteration, policy, mark)));
      List<StepMetrics> steps = List.of(GSON.fromJson(kept.saved().metrics(), StepMetrics[].class));
      run.control().append(Tables.TRAINING_STEPS, steps, mark);
      Checkpoint published =
          new Checkpoint(
              run.runId(),
              next,
              kept.policy(),
              Optional.of(policy.policyVersion()),
              Optional.of(kept.optimizer()),
              Instant.now(),
              kept.saved().policySha256());
      checkpoints.publish(published);
      checkpoints.keepOptimizers(run.config().train().keptOptimizers());
      handOver(published);
      stage.note(words(steps));
    }
  }

  /**
   * In one process the engine takes the new weights from the trainer's memory: the very numbers of
   * the file, where that holds float32, as it does of adapters.
   */
  private void handOver(Checkpoint published) {
    boolean exact =
        run.config().policy().dtype() == WeightType.FLOAT32
            || CheckpointCatalogue.isAdapter(published);
    if (run.spark().isLocal() && exact) {
      held.filter(trained -> trained.policyVersion() == published.policyVersion())
          .ifPresent(trained -> ExecutorEngines.takeUp(run.engine(published), trained.model()));
    }
  }

  private CheckpointFolder train(int iteration, Checkpoint policy, String mark) {
    // In one process the engine's cache would stand beside the trainer's activations.
    if (run.spark().isLocal()) {
      ExecutorEngines.releaseCache();
    }
    ScriptModule.useThreads(run.trainerThreads());
    Held start = hold(policy);
    List<StepGroups> dealt =
        new SampleReader(run, iteration).read(run.config().train().stepsPerIteration());
    List<StepMetrics> metrics = new ArrayList<>();
    List<StepOutcome> outcomes = new ArrayList<>();
    PolicyTrainer trainer =
        new PolicyTrainer(
            start.model(),
            reference(),
            config,
            new PolicyTrainer.Start(start.steps(), skippedInARow()));
    ModelClock.timed(
        () -> {
          trainer.iterate(dealt.stream().map(StepGroups::samples).toList(), outcomes::add);
          return outcomes;
        });
    for (int i = 0; i < outcomes.size(); i++) {
      metrics.add(StepReport.of(run, iteration, dealt.get(i), outcomes.get(i)));
    }
    long steps = start.steps() + outcomes.size();
    held = Optional.of(new Held(start.model(), iteration + 1, steps));
    return CheckpointFolder.save(
        checkpoints.store().savingFolder(),
        new CheckpointFolder.Progress(mark, iteration + 1, steps),
        start.model(),
        GSON.toJson(metrics));
  }

  /** Steps at the end of the run so far that made no update. */
  private int skippedInARow() {
    List<StepMetrics> steps =
        run.control().read(Tables.TRAINING_STEPS, StepMetrics.class, run.runId()).stream()
            .sorted(Comparator.comparingLong(StepMetrics::step).reversed())
            .toList();
    int skipped = 0;
    while (skipped < steps.size() && steps.get(skipped).skipped()) {
      skipped++;
    }
    return skipped;
  }

  private Held hold(Checkpoint policy) {
    if (held.isPresent() && held.get().policyVersion() == policy.policyVersion()) {
      return held.get();
    }
    closeHeld();
    if (policy.optimizerPath().isEmpty()) {
      TorchPolicyModel model = open(checkpoints.folder(policy));
      held = Optional.of(new Held(model, policy.policyVersion(), 0));
      return held.get();
    }
    CheckpointFolder saved = checkpoints.store().trained(policy);
    TorchPolicyModel model = open(checkpoints.folder(policy, saved.policy()));
    held = Optional.of(new Held(model, policy.policyVersion(), saved.manifest().steps()));
    model.loadOptimizer(saved.optimizer());
    return held.get();
  }

  private TorchPolicyModel open(PolicyFolder folder) {
    return RunMethod.lora(run.config())
        .map(lora -> PolicyModels.openForAdapterTraining(folder, options(), lora))
        .orElseGet(() -> PolicyModels.openForTraining(folder.folder(), options()));
  }

  private Optional<PolicyModel> reference() {
    if (config.objective().kl().coefficient() > 0 && reference.isEmpty()) {
      Path first = checkpoints.store().policy(checkpoints.at(0));
      reference = Optional.of(PolicyModels.openForScoring(first, options()));
    }
    return reference;
  }

  private ModelOptions options() {
    TensorType saved =
        switch (run.config().policy().dtype()) {
          case FLOAT32 -> TensorType.F32;
          case BFLOAT16 -> TensorType.BF16;
        };
    ModelOptions defaults = ModelOptions.defaults();
    return defaults.on(device()).savedAs(saved, defaults.shardBytes());
  }

  private String device() {
    return GpuResources.driverDevice(run.config().engine().device(), run.spark().resources());
  }

  private static String words(List<StepMetrics> steps) {
    StepMetrics last = steps.get(steps.size() - 1);
    if (Double.isNaN(last.gradientNorm())) {
      return String.format(
          java.util.Locale.ROOT, "reward=%.3f, no group to learn from", last.rewardMean());
    }
    return String.format(
        java.util.Locale.ROOT,
        "reward=%.3f entropy=%.3f gradient_norm=%.3f",
        last.rewardMean(),
        last.entropy(),
        last.gradientNorm());
  }

  private void closeHeld() {
    held.ifPresent(old -> old.model().close());
    held = Optional.empty();
  }

  @Override
  public void close() {
    closeHeld();
    reference.ifPresent(PolicyModel::close);
    reference = Optional.empty();
  }
}
