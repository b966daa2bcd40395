package io.rephrase.jobs;

import io.rephrase.InputException;
import io.rephrase.TableException;
import io.rephrase.config.RunConfig;
import io.rephrase.data.Checkpoint;
import io.rephrase.jobs.spark.AnswerJournal;
import io.rephrase.jobs.spark.EnginePlacement;
import io.rephrase.jobs.spark.EngineSpec;
import io.rephrase.jobs.spark.PromptSpec;
import io.rephrase.jobs.table.ChunkId;
import io.rephrase.jobs.table.ControlTables;
import io.rephrase.jobs.table.RunLog;
import io.rephrase.jobs.table.Stage;
import io.rephrase.jobs.table.StagePlan;
import io.rephrase.jobs.table.StageRound;
import io.rephrase.jobs.table.TableStore;
import io.rephrase.jobs.table.Tables;
import io.rephrase.jobs.table.Warehouse;
import io.rephrase.progress.Progress;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What the stages of one run share. Belongs to the driver; stages run one after the other.
 *
 * @param warehouse of the run
 * @param store of its tables
 * @param control its small tables
 * @param log the run's events
 * @param config of the run
 * @param prompts its templates
 * @param inputs what it reads, table to version, as its first event says
 * @param progress shown to people
 * @param clock of what the stages take
 * @param server that samples, if not this run's engines
 */
public record RunContext(
    Warehouse warehouse,
    TableStore store,
    ControlTables control,
    RunLog log,
    RunConfig config,
    PromptSpec prompts,
    Map<String, String> inputs,
    Progress progress,
    StageClock clock,
    PolicyServer server) {

  public RunContext {
    inputs = Map.copyOf(inputs);
  }

  /** {@code run_id} in every table. */
  public String runId() {
    return config.run().id();
  }

  JavaSparkContext spark() {
    return JavaSparkContext.fromSparkContext(warehouse.session().sparkContext());
  }

  /**
   * How many tasks a generating stage has: one an engine, unless the configuration says so. One
   * where bits must repeat, since a completion's last bits depend on its neighbours.
   */
  int tasks() {
    int configured = config.spark().tasks();
    if (configured > 0) {
      return configured;
    }
    return config.engine().deterministic() ? 1 : EnginePlacement.engines(spark());
  }

  /** The prompts table as it was when the run began: what is ingested later shifts nothing. */
  Dataset<Row> readPrompts() {
    String version = Objects.requireNonNull(inputs.get(Tables.PROMPTS.label()));
    return warehouse.readAt(Tables.PROMPTS, Long.parseLong(version));
  }

  /** The last iteration of a stage; for evaluations the last policy version. */
  int lastOf(Stage stage) {
    return stage == Stage.EVALUATE ? config.run().iterations() : config.run().iterations() - 1;
  }

  /**
   * Refuses numbers past the run's end.
   *
   * @throws InputException naming the last
   */
  void requireWithin(Stage stage, int number) {
    if (number > lastOf(stage)) {
      throw new InputException(
          "%s %d: run %s has run.iterations = %d, the last is %d; raise run.iterations to go on"
              .formatted(
                  stage.command(), number, runId(), config.run().iterations(), lastOf(stage)));
    }
  }

  /**
   * Refuses to go on before a stage has written all of {@code table} for an iteration.
   *
   * @throws TableException naming the table, what is missing and the command that makes it
   */
  void requireDone(Stage stage, Tables table, int iteration) {
    StagePlan plan =
        log.plan(stage, iteration)
            .orElseThrow(
                () ->
                    new TableException(
                        "table %s has nothing of iteration %d of run %s; make it with `rephrase %s --iteration %d`"
                            .formatted(
                                table.label(), iteration, runId(), stage.command(), iteration)));
    store.requireDone(table, plan);
  }

  /** Whether a stage has written all of {@code table} for an iteration. */
  boolean done(Stage stage, Tables table, int iteration) {
    return log.plan(stage, iteration)
        .filter(plan -> store.missingChunks(table, plan).isEmpty())
        .isPresent();
  }

  /** The stored plan of a stage over an iteration's prompts, or a new one of chunks in our size. */
  StagePlan planOfPrompts(Stage stage, int iteration) {
    return log.plan(stage, iteration, chunksOf(config.rollout().promptsPerIteration()));
  }

  /** Chunks of our size that so many prompts make. */
  int chunksOf(int prompts) {
    int size = chunkPrompts();
    return (prompts + size - 1) / size;
  }

  /** Whether no round of rollouts follows those planned. */
  boolean roundsEnded(RunMethod method, int iteration) {
    return method.resampling().isEmpty()
        || log.rounds(Stage.ROLLOUT, iteration).stream().anyMatch(StageRound::ends);
  }

  /** Prompts committed together in a stage that is planned now. */
  int chunkPrompts() {
    int configured = config.spark().chunkPrompts();
    return configured > 0 ? configured : 4 * config.engine().slots() * tasks();
  }

  /** Threads of one native operation of the trainer: one where bits must repeat. */
  int trainerThreads() {
    if (config.engine().deterministic()) {
      return 1;
    }
    int configured = config.engine().threads();
    return configured > 0 ? configured : Runtime.getRuntime().availableProcessors();
  }

  ChunkRunner chunkRunner() {
    return new ChunkRunner(config.engine().deterministic() ? 1 : config.spark().chunksInFlight());
  }

  /** As {@link #engine}, once whoever samples has the policy. */
  EngineSpec samplingEngine(Checkpoint policy) {
    server.serve(policy);
    return engine(policy);
  }

  /** Forgets what a server answered for any of the run's chunks. */
  void forgetAnswers() {
    new AnswerJournal(warehouse.journalRoot() + "/" + runId())
        .forget(spark().hadoopConfiguration());
  }

  /** Where a server's answers are kept until the chunk is committed. */
  AnswerJournal journal(ChunkId chunk) {
    return server.serves()
        ? new AnswerJournal(warehouse.journalRoot() + "/" + chunk.transactionId())
        : AnswerJournal.NONE;
  }

  /** Policy 0, where the policy is an adapter of it. */
  private EngineSpec.Base base(Checkpoint policy) {
    return CheckpointCatalogue.isAdapter(policy)
        ? control.checkpoints(runId()).stream()
            .filter(row -> row.policyVersion() == 0)
            .findFirst()
            .map(row -> new EngineSpec.Base(row.path(), new TreeMap<>(row.sha256())))
            .orElseThrow()
        : EngineSpec.Base.NONE;
  }

  EngineSpec engine(Checkpoint policy) {
    return new EngineSpec(
        runId(),
        policy.policyVersion(),
        policy.path(),
        new TreeMap<>(policy.sha256()),
        base(policy),
        config.engine().slots(),
        config.engine().threads(),
        config.engine().deterministic(),
        config.engine().device(),
        config.engine().maxContextTokens(),
        config.engine().stallSeconds(),
        server.sampler());
  }
}
