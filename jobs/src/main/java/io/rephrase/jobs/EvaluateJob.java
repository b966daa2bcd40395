package io.rephrase.jobs;

import io.rephrase.InputException;
import io.rephrase.config.EvaluateConfig;
import io.rephrase.config.RunConfig;
import io.rephrase.config.RunSettings;
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
import io.rephrase.jobs.table.Warehouse;
import io.rephrase.progress.ProgressStage;
import io.rephrase.prompt.PromptTemplate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Row;

/**
 * Answers and grades the configured benchmarks with one policy version: {@code prompts} to {@code
 * evaluations}. Always the same problems in the same order.
 */
public final class EvaluateJob implements StageJob {

  /** Answers are short-lived beside rollouts: fewer, larger commits. */
  private static final int CHUNK_FACTOR = 8;

  private final RunContext run;
  private final CheckpointCatalogue checkpoints;
  private final List<Benchmark> benchmarks;
  private final int total;

  /** The problems of one benchmark, and where they begin in the row of all benchmarks' problems. */
  private record Benchmark(
      String name, EvaluateConfig.Decoding decoding, List<Row> problems, int offset) {

    /** Those of the positions {@code [from, to)} in the row of all that are its own. */
    PromptRows between(int from, int to) {
      int first = clamp(from - offset, 0);
      int end = clamp(to - offset, first);
      return PromptRows.of(problems.subList(first, end), first);
    }

    private int clamp(int position, int least) {
      return Math.max(least, Math.min(position, problems.size()));
    }
  }

  EvaluateJob(RunContext run, Prompts prompts, CheckpointCatalogue checkpoints) {
    this.run = run;
    this.checkpoints = checkpoints;
    List<Benchmark> found = new ArrayList<>();
    int problems = 0;
    for (Map.Entry<String, EvaluateConfig.Benchmark> entry :
        run.config().evaluate().benchmarks().entrySet()) {
      List<Row> rows = prompts.benchmark(entry.getKey(), entry.getValue());
      EvaluateConfig.Decoding decoding = run.config().evaluate().decoding(entry.getValue());
      found.add(new Benchmark(entry.getKey(), decoding, rows, problems));
      problems += rows.size();
    }
    this.benchmarks = List.copyOf(found);
    this.total = problems;
  }

  /** As {@code rephrase evaluate} does. */
  public static void main(String[] words) {
    JobMain.start(Jobs.EVALUATE, words);
  }

  /** Evaluates one policy and says what it scores, also where it was evaluated before. */
  static void runAlone(Warehouse warehouse, JobCall call) {
    RunConfig config = call.resolved().config();
    RunSettings run = config.run();
    call.number().ifPresent(wanted -> requireDue(config, wanted));
    int policyVersion = OpenRun.runStage(warehouse, call, Stage.EVALUATE).orElse(run.iterations());
    warehouse.registerViewsFor(BenchmarkScores.PROBLEMS);
    new BenchmarkScores(warehouse.session())
        .lines(run.id(), policyVersion)
        .forEach(call.out()::println);
  }

  /** Whether a version is evaluated: every n-th, the first and the last. */
  private boolean due(int policyVersion) {
    return total > 0 && due(run.config(), policyVersion);
  }

  private static void requireDue(RunConfig config, int policyVersion) {
    int last = config.run().iterations();
    if (policyVersion >= 0 && policyVersion <= last && !due(config, policyVersion)) {
      throw new InputException(
          "policy %d is none of those that evaluate.every = %d evaluates, which are every multiple of it and the last, %d; name one of these"
              .formatted(policyVersion, config.evaluate().every(), last));
    }
  }

  static boolean due(RunConfig config, int policyVersion) {
    return policyVersion % config.evaluate().every() == 0
        || policyVersion == config.run().iterations();
  }

  /** Nothing is missing where no evaluation is due. */
  @Override
  public boolean done(int policyVersion) {
    return !due(policyVersion) || run.done(Stage.EVALUATE, Tables.EVALUATIONS, policyVersion);
  }

  @Override
  public void run(int policyVersion) {
    if (done(policyVersion)) {
      return;
    }
    Checkpoint policy = checkpoints.at(policyVersion);
    int size = CHUNK_FACTOR * run.chunkPrompts();
    StagePlan plan = run.log().plan(Stage.EVALUATE, policyVersion, (total + size - 1) / size);
    List<ChunkId> missing = run.store().missingChunks(Tables.EVALUATIONS, plan);
    String name = "evaluate policy %d".formatted(policyVersion);
    try (ProgressStage stage = run.progress().stage(name, total, "problems")) {
      run.chunkRunner()
          .run(
              missing,
              chunk -> {
                make(chunk, plan, policy);
                stage.advance(plan.size(chunk, total));
              });
    }
    new EvaluationFailures(run).requireFew(policyVersion);
  }

  private void make(ChunkId chunk, StagePlan plan, Checkpoint policy) {
    RecordCodec<Evaluation> codec = run.warehouse().codec(Tables.EVALUATIONS, Evaluation.class);
    int from = plan.firstPosition(chunk.chunk(), total);
    int to = plan.firstPosition(chunk.chunk() + 1, total);
    JavaRDD<Row> rows =
        benchmarks.stream()
            .filter(benchmark -> !benchmark.between(from, to).positions().isEmpty())
            .map(
                benchmark ->
                    Generation.rows(
                        run,
                        benchmark.between(from, to).dealt(run.tasks()),
                        partitions(benchmark, policy, chunk, codec)))
            .reduce(JavaRDD::union)
            .orElseThrow(() -> new IllegalStateException("chunk " + chunk + " has no problems"));
    Generation.append(run, chunk, Tables.EVALUATIONS, codec, rows);
  }

  private EvaluatePartitions partitions(
      Benchmark benchmark, Checkpoint policy, ChunkId chunk, RecordCodec<Evaluation> codec) {
    return new EvaluatePartitions(
        run.samplingEngine(policy),
        run.prompts(),
        new EvaluatePartitions.Settings(
            benchmark.name(),
            decodingHash(benchmark.decoding()),
            benchmark.decoding().samples(),
            run.config().run().seed(),
            sampling(benchmark.decoding()),
            run.journal(chunk)),
        run.warehouse().codec(Tables.PROMPTS, Prompt.class),
        codec);
  }

  private SamplingParams sampling(EvaluateConfig.Decoding decoding) {
    int own = run.config().evaluate().maxTokens();
    int maxTokens = own > 0 ? own : run.config().rollout().maxTokens();
    return new SamplingParams(
        decoding.temperature(), decoding.topP(), 0, decoding.greedy(), maxTokens, true);
  }

  private String decodingHash(EvaluateConfig.Decoding decoding) {
    String text =
        sampling(decoding) + " samples=" + decoding.samples() + " " + run.prompts().hash();
    return PromptTemplate.of("decoding", text).hash().substring(0, 16);
  }
}
