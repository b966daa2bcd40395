package io.rephrase.jobs;

import io.rephrase.ConfigurationException;
import io.rephrase.InputException;
import io.rephrase.config.ResolvedConfig;
import io.rephrase.config.RunConfig;
import io.rephrase.data.Checkpoint;
import io.rephrase.data.RunEvent;
import io.rephrase.data.RunStatus;
import io.rephrase.jobs.spark.ExecutorEngines;
import io.rephrase.jobs.spark.PromptSpec;
import io.rephrase.jobs.spark.SparkSessions;
import io.rephrase.jobs.table.RunLog;
import io.rephrase.jobs.table.RunOwnership;
import io.rephrase.jobs.table.Stage;
import io.rephrase.jobs.table.Tables;
import io.rephrase.jobs.table.Warehouse;
import io.rephrase.model.ModelConfig;
import io.rephrase.model.PolicyModels;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.spark.SparkConf;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A run that this process owns: locked, its configuration compared with its record, its prompts and
 * its first policy there. Every command that adds to a run opens it this way. What is wrong with a
 * run's inputs is found before its first event, so that a mistake does not take its name. Closing
 * it gives the run free. Belongs to the driver.
 */
final class OpenRun implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(OpenRun.class);

  private final RunOwnership owned;
  private final RunContext run;
  private final RunStages stages;

  private OpenRun(RunOwnership owned, RunContext run, RunStages stages) {
    this.owned = owned;
    this.run = run;
    this.stages = stages;
  }

  /**
   * Begins the run that {@code call} names, or takes it up again.
   *
   * @throws io.rephrase.RephraseException if the run belongs to another driver, was begun with
   *     another configuration, or its inputs cannot be used
   */
  static OpenRun of(Warehouse warehouse, JobCall call) {
    RunConfig config = call.resolved().config();
    RunMethod.of(config);
    PolicyServer server =
        PolicyServer.of(config.engine().endpoint(), warehouse.session().sparkContext().getConf());
    if (config.judge().present()) {
      PolicyServer.checkKey(
          config.judge().keyVariable(), warehouse.session().sparkContext().getConf());
    }
    warehouse.expectRows(config.rollout().groupBytes());
    RunOwnership owned = RunOwnership.acquire(warehouse, config.run().id(), call.takeOver());
    boolean open = false;
    try {
      OpenRun opened = new Opening(warehouse, call, owned, server).open();
      open = true;
      return opened;
    } finally {
      if (!open) {
        owned.close();
      }
    }
  }

  /**
   * One stage of a run alone: of the wanted iteration, or of the first where it is not done.
   *
   * @return which it was; empty where it is done for all
   */
  static OptionalInt runStage(Warehouse warehouse, JobCall call, Stage stage) {
    try (OpenRun opened = of(warehouse, call)) {
      return opened.run(stage, call.number());
    }
  }

  RunStages stages() {
    return stages;
  }

  int iterations() {
    return run.config().run().iterations();
  }

  private OptionalInt run(Stage stage, OptionalInt wanted) {
    // A number that is none of the run's is no failure of the run.
    wanted.ifPresent(number -> run.requireWithin(stage, number));
    OptionalInt number;
    try {
      number = stages.run(stage, wanted);
    } catch (RuntimeException e) {
      failed(e);
      throw e;
    }
    finishIfDone();
    return number;
  }

  /** Records what the stages took, and that every iteration is there, once it is. */
  void finishIfDone() {
    run.clock().save(run);
    run.clock().words().ifPresent(run.progress()::say);
    if (stages.done() && !finished(run.log())) {
      run.log().note(RunStatus.FINISHED, "every iteration is there");
      run.forgetAnswers();
    }
  }

  /** Appends why a command ended early, for people; the failure itself goes on. */
  void failed(RuntimeException failure) {
    if (run.warehouse().session().sparkContext().isStopped()) {
      return; // Stopped from outside, by Ctrl-C or a kill: no failure of the run.
    }
    try {
      run.log().note(RunStatus.FAILED, String.valueOf(failure.getMessage()));
    } catch (RuntimeException unwritable) {
      log.warn("run={} failure_recorded=false", run.runId(), unwritable);
    }
  }

  @Override
  public void close() {
    try {
      run.clock().close();
      stages.close();
      ExecutorEngines.release();
    } finally {
      owned.close();
    }
  }

  private static boolean finished(RunLog log) {
    return log.lastOf(RunStatus.values())
        .filter(event -> event.status() == RunStatus.FINISHED)
        .isPresent();
  }

  /** What is done while the run is opened. */
  private record Opening(
      Warehouse warehouse, JobCall call, RunOwnership owned, PolicyServer server) {

    OpenRun open() {
      ResolvedConfig resolved = call.resolved();
      RunLog runLog =
          RunLog.open(
              warehouse.controlTables(owned),
              new RunLog.Author(
                  resolved.config().run().id(), call.command(), CodeVersion.current()),
              Clock.systemUTC());
      Optional<RunEvent> first = runLog.first();
      return first.isPresent() ? resume(runLog, first.get()) : start(runLog);
    }

    private OpenRun start(RunLog runLog) {
      ResolvedConfig resolved = call.resolved();
      FirstPolicy policy = firstPolicy();
      checkMemory(policy.config());
      new PromptSources(warehouse, resolved.config(), call.progress()).ensure();
      RunContext context = context(runLog, warehouse.version(Tables.PROMPTS));
      RunStages stages = new RunStages(context);
      Checkpoint zero = policy.of(context, stages.checkpoints().store());
      runLog.began(RunStatus.STARTED, resolved.canonicalJson(), resolved.hash(), context.inputs());
      stages.checkpoints().publish(zero);
      return new OpenRun(owned, context, stages);
    }

    private OpenRun resume(RunLog runLog, RunEvent first) {
      ResolvedConfig resolved = call.resolved();
      requireSame(runLog, first);
      owned.takenFrom().ifPresent(other -> runLog.note(RunStatus.TAKEN_OVER, "from " + other));
      RunContext context = context(runLog, promptsVersion(first));
      RunStages stages = new RunStages(context);
      new EvaluationFailures(context).requireFew();
      boolean more = !resolved.hash().equals(runLog.configHash().orElse(""));
      if (!finished(runLog) || more) {
        runLog.began(
            RunStatus.RESUMED, resolved.canonicalJson(), resolved.hash(), context.inputs());
      }
      if (!stages.checkpoints().exists(0)) {
        stages.checkpoints().publish(firstPolicy().of(context, stages.checkpoints().store()));
      }
      CheckpointCatalogue policies = stages.checkpoints();
      checkMemory(PolicyModels.configOf(policies.store().policy(policies.last())));
      return new OpenRun(owned, context, stages);
    }

    /** Says what the run takes outside the heap, before anything of it is loaded. */
    private void checkMemory(ModelConfig model) {
      RunConfig config = call.resolved().config();
      SparkConf spark = warehouse.session().sparkContext().getConf();
      MemoryCheck.of(spark, config.engine().device())
          .lines(MemoryPlan.of(config, model))
          .forEach(call.progress()::say);
    }

    private FirstPolicy firstPolicy() {
      return FirstPolicy.checked(
          call.resolved().config().policy(),
          warehouse.session().sparkContext().hadoopConfiguration());
    }

    private void requireSame(RunLog runLog, RunEvent first) {
      ResolvedConfig recorded =
          ResolvedConfig.recorded(
              first
                  .configJson()
                  .orElseThrow(
                      () ->
                          new InputException(
                              "run %s has a first event without a configuration; choose another run.name"
                                  .formatted(runLog.runId()))));
      List<String> differences = call.resolved().differencesFrom(recorded);
      if (!differences.isEmpty()) {
        throw new ConfigurationException(
            "run %s was begun with another configuration, which differs in: %s; resume with the settings it began with, or give this one another run.name"
                .formatted(runLog.runId(), String.join("; ", differences)));
      }
    }

    /** The version of the prompts the run began with; prompts ingested since do not shift it. */
    private long promptsVersion(RunEvent first) {
      String version = first.inputs().get(Tables.PROMPTS.label());
      return version == null ? warehouse.version(Tables.PROMPTS) : Long.parseLong(version);
    }

    private RunContext context(RunLog runLog, long promptsVersion) {
      SparkSessions.expectSmallPlans(warehouse.session());
      return new RunContext(
          warehouse,
          warehouse.store(owned),
          warehouse.controlTables(owned),
          runLog,
          call.resolved().config(),
          PromptSpec.of(call.resolved().config()),
          Map.of(Tables.PROMPTS.label(), Long.toString(promptsVersion)),
          call.progress(),
          new StageClock(warehouse.session().sparkContext()),
          server);
    }
  }
}
