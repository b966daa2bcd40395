package io.rephrase.jobs;

import io.rephrase.ConfigurationException;
import io.rephrase.config.RephraseConfig;
import io.rephrase.config.ResolvedConfig;
import io.rephrase.data.Checkpoint;
import io.rephrase.data.RunEvent;
import io.rephrase.data.RunStatus;
import io.rephrase.jobs.spark.ExecutorEngines;
import io.rephrase.jobs.spark.PromptSpec;
import io.rephrase.jobs.table.RunLock;
import io.rephrase.jobs.table.RunLog;
import io.rephrase.jobs.table.Warehouse;
import io.rephrase.progress.Progress;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A whole run: rollout, rephrase, guidance, train, evaluate, iteration after iteration. Each stage
 * returns at once when its own mark is there, so that the same call resumes.
 */
public final class IterateJob {

  private final Warehouse warehouse;
  private final ResolvedConfig resolved;
  private final Progress progress;

  public IterateJob(Warehouse warehouse, ResolvedConfig resolved, Progress progress) {
    this.warehouse = warehouse;
    this.resolved = resolved;
    this.progress = progress;
  }

  /**
   * Runs to the last iteration, from where an earlier call was stopped.
   *
   * @param command that is recorded with the run
   * @throws io.rephrase.RephraseException if the run belongs to another driver, or was begun with
   *     another configuration
   */
  public void run(String command) {
    String runId = resolved.config().run().id();
    try (RunLock owned = RunLock.acquire(warehouse.root(), runId)) {
      RunLog log =
          RunLog.open(
              warehouse.controlTables(),
              new RunLog.Author(runId, command, CodeVersion.current()),
              Clock.systemUTC());
      RunContext run =
          new RunContext(
              warehouse,
              warehouse.store(),
              warehouse.controlTables(),
              log,
              resolved.config(),
              PromptSpec.of(resolved.config().data()),
              progress);
      RunMethod method = RunMethod.of(resolved.config());
      begin(log);
      new PromptSources(run).ensure();
      iterate(run, method);
      finish(log);
    } finally {
      ExecutorEngines.release();
    }
  }

  private static void iterate(RunContext run, RunMethod method) {
    CheckpointCatalogue checkpoints = new CheckpointCatalogue(run);
    checkpoints.publishFirst(run.config().policy());
    Prompts prompts = new Prompts(run);
    RolloutJob rollout = new RolloutJob(run, prompts);
    RephraseJob rephrase = new RephraseJob(run, prompts);
    GuidanceJob guidance = new GuidanceJob(run, method.guidance());
    EvaluateJob evaluate = new EvaluateJob(run);
    try (TrainJob train = new TrainJob(run, method.trainer(), checkpoints)) {
      evaluate.run(checkpoints.at(0));
      for (int iteration = 0; iteration < run.config().run().iterations(); iteration++) {
        Checkpoint policy = checkpoints.at(iteration);
        rollout.run(iteration, policy);
        if (method.rephrases()) {
          rephrase.run(iteration, policy, sampler(run, checkpoints, policy));
        }
        guidance.run(iteration);
        train.run(iteration, policy);
        evaluate.run(checkpoints.at(iteration + 1));
      }
    }
  }

  private static Checkpoint sampler(
      RunContext run, CheckpointCatalogue checkpoints, Checkpoint policy) {
    RephraseConfig.By by = run.config().rephrase().policy();
    return switch (by) {
      case CURRENT -> policy;
      case INITIAL -> checkpoints.at(0);
    };
  }

  private void begin(RunLog log) {
    Optional<RunEvent> first = log.first();
    if (first.isEmpty()) {
      log.began(RunStatus.STARTED, resolved.canonicalJson(), resolved.hash(), Map.of());
      return;
    }
    ResolvedConfig recorded = ResolvedConfig.recorded(first.get().configJson().orElseThrow());
    List<String> differences = resolved.differencesFrom(recorded);
    if (!differences.isEmpty()) {
      throw new ConfigurationException(
          "run %s was begun with another configuration, which differs in: %s; resume with the settings it began with, or give this one another run.name"
              .formatted(log.runId(), String.join("; ", differences)));
    }
    if (first.get().status() == RunStatus.STARTED && !finished(log)) {
      log.began(RunStatus.RESUMED, resolved.canonicalJson(), resolved.hash(), Map.of());
    }
  }

  private static boolean finished(RunLog log) {
    return log.events().stream().anyMatch(event -> event.status() == RunStatus.FINISHED);
  }

  private static void finish(RunLog log) {
    if (!finished(log)) {
      log.note(RunStatus.FINISHED, "every iteration is there");
    }
  }
}
