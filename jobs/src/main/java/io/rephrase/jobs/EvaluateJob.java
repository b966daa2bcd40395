package io.rephrase.jobs;

import io.rephrase.config.EvaluateConfig;
import io.rephrase.data.Checkpoint;
import io.rephrase.data.Evaluation;
import io.rephrase.data.Prompt;
import io.rephrase.generation.SamplingParams;
import io.rephrase.jobs.spark.EvaluatePartitions;
import io.rephrase.jobs.spark.PromptRows;
import io.rephrase.jobs.table.ChunkId;
import io.rephrase.jobs.table.RecordCodec;
import io.rephrase.jobs.table.Stage;
import io.rephrase.jobs.table.StagePlan;
import io.rephrase.jobs.table.Tables;
import io.rephrase.progress.ProgressStage;
import io.rephrase.prompt.PromptTemplate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;

/**
 * Answers and grades the configured benchmarks with one policy version: {@code prompts} to {@code
 * evaluations}. Always the same problems in the same order.
 */
public final class EvaluateJob {

  /** Answers are short-lived beside rollouts: fewer, larger commits. */
  private static final int CHUNK_FACTOR = 8;

  private final RunContext run;
  private final List<Part> parts;

  /** Consecutive problems of one benchmark: one chunk. */
  private record Part(String benchmark, List<Row> problems, int firstPosition) {}

  EvaluateJob(RunContext run) {
    this.run = run;
    this.parts = parts(run);
  }

  private static List<Part> parts(RunContext run) {
    int size = CHUNK_FACTOR * run.chunkPrompts();
    List<Part> parts = new ArrayList<>();
    for (Map.Entry<String, EvaluateConfig.Benchmark> entry :
        run.config().evaluate().benchmarks().entrySet()) {
      List<Row> problems = Prompts.benchmark(run, entry.getValue());
      for (int from = 0; from < problems.size(); from += size) {
        int to = Math.min(problems.size(), from + size);
        parts.add(new Part(entry.getKey(), problems.subList(from, to), from));
      }
    }
    return List.copyOf(parts);
  }

  /** Whether a version is evaluated: every n-th, the first and the last. */
  boolean due(int policyVersion) {
    return policyVersion % run.config().evaluate().every() == 0
        || policyVersion == run.config().run().iterations();
  }

  /** Makes what is missing of this policy version; returns at once when nothing is. */
  public void run(Checkpoint policy) {
    if (parts.isEmpty() || !due(policy.policyVersion())) {
      return;
    }
    StagePlan plan = run.log().plan(Stage.EVALUATE, policy.policyVersion(), parts.size());
    List<ChunkId> missing = run.store().missingChunks(Tables.EVALUATIONS, plan);
    if (missing.isEmpty()) {
      return;
    }
    long problems = parts.stream().mapToLong(part -> part.problems().size()).sum();
    String name = "evaluate policy %d".formatted(policy.policyVersion());
    try (ProgressStage stage = run.progress().stage(name, problems, "problems")) {
      run.chunkRunner()
          .run(
              missing,
              chunk -> {
                Part part = parts.get(chunk.chunk());
                make(chunk, policy, part);
                stage.advance(part.problems().size());
              });
    }
  }

  private void make(ChunkId chunk, Checkpoint policy, Part part) {
    RecordCodec<Evaluation> codec = run.warehouse().codec(Tables.EVALUATIONS, Evaluation.class);
    EvaluateConfig config = run.config().evaluate();
    EvaluatePartitions partitions =
        new EvaluatePartitions(
            run.engine(policy),
            run.prompts(),
            new EvaluatePartitions.Settings(
                part.benchmark(),
                decodingHash(config),
                config.samples(),
                run.config().run().seed(),
                sampling(config)),
            run.warehouse().codec(Tables.PROMPTS, Prompt.class),
            codec);
    Generation.append(
        run,
        chunk,
        Tables.EVALUATIONS,
        codec,
        Generation.rows(
            run, PromptRows.deal(part.problems(), part.firstPosition(), run.tasks()), partitions));
  }

  private SamplingParams sampling(EvaluateConfig config) {
    int maxTokens =
        config.maxTokens() > 0 ? config.maxTokens() : run.config().rollout().maxTokens();
    return new SamplingParams(config.temperature(), 1.0, 0, config.greedy(), maxTokens, true);
  }

  private String decodingHash(EvaluateConfig config) {
    String decoding =
        sampling(config) + " samples=" + config.samples() + " " + run.prompts().hash();
    return PromptTemplate.of("decoding", decoding).hash().substring(0, 16);
  }
}
