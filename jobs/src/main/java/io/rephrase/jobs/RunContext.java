package io.rephrase.jobs;

import io.rephrase.config.RunConfig;
import io.rephrase.data.Checkpoint;
import io.rephrase.jobs.spark.EngineSpec;
import io.rephrase.jobs.spark.PromptSpec;
import io.rephrase.jobs.table.ControlTables;
import io.rephrase.jobs.table.RunLog;
import io.rephrase.jobs.table.TableStore;
import io.rephrase.jobs.table.Warehouse;
import io.rephrase.progress.Progress;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * What the stages of one run share. Belongs to the driver; stages run one after the other.
 *
 * @param warehouse of the run
 * @param store of its tables
 * @param control its small tables
 * @param log the run's events
 * @param config of the run
 * @param prompts its templates
 * @param progress shown to people
 */
public record RunContext(
    Warehouse warehouse,
    TableStore store,
    ControlTables control,
    RunLog log,
    RunConfig config,
    PromptSpec prompts,
    Progress progress) {

  /** {@code run_id} in every table. */
  public String runId() {
    return config.run().id();
  }

  JavaSparkContext spark() {
    return JavaSparkContext.fromSparkContext(warehouse.session().sparkContext());
  }

  /** How many tasks a generating stage has: one an engine, unless the configuration says so. */
  int tasks() {
    int configured = config.spark().tasks();
    if (configured > 0) {
      return configured;
    }
    boolean local = spark().master().startsWith("local");
    return config.engine().deterministic()
            || (local && !spark().master().startsWith("local-cluster"))
        ? 1
        : Math.max(1, spark().defaultParallelism());
  }

  /** Prompts committed together. */
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

  EngineSpec engine(Checkpoint policy) {
    return new EngineSpec(
        runId(),
        policy.policyVersion(),
        policy.path(),
        new TreeMap<>(policy.sha256()),
        config.engine().slots(),
        config.engine().threads(),
        config.engine().deterministic(),
        config.engine().device(),
        config.engine().maxContextTokens());
  }
}
