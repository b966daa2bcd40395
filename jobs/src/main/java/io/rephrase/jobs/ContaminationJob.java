package io.rephrase.jobs;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.countDistinct;

import io.rephrase.ConfigurationException;
import io.rephrase.InputException;
import io.rephrase.config.EvaluateConfig;
import io.rephrase.config.RunConfig;
import io.rephrase.jobs.table.Tables;
import io.rephrase.jobs.table.Warehouse;
import io.rephrase.progress.ProgressStage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * Compares the prompts that a run draws from, and their solutions, with the problems of its
 * benchmarks: {@code prompts} to {@code contamination}. The rows of every data set, benchmark and n
 * that is compared are replaced in one commit, so that the table holds each overlap once.
 */
public final class ContaminationJob {

  private final Warehouse warehouse;
  private final RunConfig config;
  private final PromptSelection selection;
  private final Set<String> datasets;
  private final Map<String, Integer> problemCounts = new TreeMap<>();
  private final NgramOverlaps overlaps;

  private ContaminationJob(Warehouse warehouse, RunConfig config) {
    this.warehouse = warehouse;
    this.config = config;
    this.selection = new PromptSelection(warehouse.read(Tables.PROMPTS), config);
    this.datasets = new TreeSet<>(config.data().datasets());
    Dataset<Row> problems = warehouse.session().createDataFrame(problems(), NgramOverlaps.PROBLEM);
    this.overlaps = new NgramOverlaps(problems, config.contamination());
  }

  /** As {@code rephrase contamination} does. */
  public static void main(String[] words) {
    JobMain.start(Jobs.CONTAMINATION, words);
  }

  /**
   * Compares all data sets with all benchmarks; what came of it goes to {@code call.out()}.
   *
   * @throws ConfigurationException if no benchmark is configured
   * @throws InputException if there are no prompts, or no problems of a benchmark
   */
  static void run(Warehouse warehouse, JobCall call) {
    RunConfig config = call.resolved().config();
    if (config.evaluate().benchmarks().isEmpty()) {
      throw new ConfigurationException(
          "evaluate.benchmarks names nothing to compare training prompts with; give evaluate.benchmarks.NAME.dataset=DATASET");
    }
    new PromptSources(warehouse, config, call.progress()).ensure();
    ContaminationJob job = new ContaminationJob(warehouse, config);
    int problems = job.problemCounts.values().stream().mapToInt(Integer::intValue).sum();
    try (ProgressStage stage = call.progress().stage("contamination", problems, "problems")) {
      job.compare().forEach(call.out()::println);
      stage.advance(problems);
    }
  }

  private List<String> compare() {
    Map<String, Long> prompts = counts(selection.drawn().groupBy("dataset").count());
    if (prompts.isEmpty()) {
      throw new InputException(
          "no prompts to compare: the prompts table has none for data.datasets %s, data.split %s, data.difficulties %s; ingest some, or widen the three"
              .formatted(datasets, config.data().split(), config.data().difficulties()));
    }
    warehouse.store().replace(Tables.CONTAMINATION, overlaps.with(selection.drawn()), compared());
    List<ContaminationSummary> summaries = summaries(prompts);
    List<String> lines = new ArrayList<>(ContaminationSummary.table(summaries));
    lines.addAll(incomparable());
    if (summaries.stream().anyMatch(one -> one.overlappingPrompts() > 0)) {
      lines.add(
          "which: rephrase sql \"SELECT * FROM contamination WHERE %s\"".formatted(compared()));
    }
    return lines;
  }

  /** Of all benchmarks, as {@link NgramOverlaps#PROBLEM}. */
  private List<Row> problems() {
    List<Row> problems = new ArrayList<>();
    for (Map.Entry<String, EvaluateConfig.Benchmark> entry :
        config.evaluate().benchmarks().entrySet()) {
      String name = entry.getKey();
      List<Row> own = selection.benchmark(name, entry.getValue());
      problemCounts.put(name, own.size());
      for (Row row : own) {
        problems.add(
            RowFactory.create(
                name, row.getAs("dataset"), row.getAs("prompt_id"), row.getAs("question")));
      }
    }
    return problems;
  }

  /** The rows of what is compared, in SQL. */
  private String compared() {
    return "dataset IN (%s) AND benchmark IN (%s) AND ngram_words = %d"
        .formatted(
            literals(datasets),
            literals(problemCounts.keySet()),
            config.contamination().ngramWords());
  }

  private static String literals(Collection<String> texts) {
    return texts.stream().map(RunSql::literal).collect(Collectors.joining(", "));
  }

  private List<ContaminationSummary> summaries(Map<String, Long> prompts) {
    Map<List<String>, Row> found = new HashMap<>();
    warehouse
        .read(Tables.CONTAMINATION)
        .where(compared())
        .groupBy("dataset", "benchmark")
        .agg(countDistinct(col("prompt_id")), countDistinct(col("problem_id")))
        .collectAsList()
        .forEach(row -> found.put(List.of(row.getString(0), row.getString(1)), row));
    List<ContaminationSummary> summaries = new ArrayList<>();
    for (String dataset : datasets) {
      problemCounts.forEach(
          (benchmark, problems) -> {
            Row row =
                found.getOrDefault(List.of(dataset, benchmark), RowFactory.create("", "", 0L, 0L));
            summaries.add(
                new ContaminationSummary(
                    dataset,
                    benchmark,
                    prompts.getOrDefault(dataset, 0L),
                    row.getLong(2),
                    problems,
                    row.getLong(3)));
          });
    }
    return summaries;
  }

  /** A line for each benchmark with problems that nothing can be found by. */
  private List<String> incomparable() {
    Map<String, Long> comparable = counts(overlaps.comparable());
    List<String> lines = new ArrayList<>();
    problemCounts.forEach(
        (benchmark, problems) -> {
          long left = problems - comparable.getOrDefault(benchmark, 0L);
          if (left > 0) {
            lines.add(
                "%s: %d of %d problems are not compared: each of their n-grams, or half of it, stands in more than contamination.maxProblems = %d problems"
                    .formatted(benchmark, left, problems, config.contamination().maxProblems()));
          }
        });
    return lines;
  }

  private static Map<String, Long> counts(Dataset<Row> rows) {
    return rows.collectAsList().stream()
        .collect(Collectors.toMap(row -> row.getString(0), row -> row.getLong(1)));
  }
}
