package io.rephrase.jobs;

import static org.apache.spark.sql.functions.array_sort;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.input_file_name;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.map_entries;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.sha2;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;
import static org.apache.spark.sql.functions.when;

import io.rephrase.ConfigurationException;
import io.rephrase.InputException;
import io.rephrase.benchmark.Benchmarks;
import io.rephrase.config.RunConfig;
import io.rephrase.config.SourceConfig;
import io.rephrase.config.SourceFormat;
import io.rephrase.data.HashSplit;
import io.rephrase.data.Label;
import io.rephrase.jobs.spark.GoldCheck;
import io.rephrase.jobs.spark.InputLines;
import io.rephrase.jobs.spark.InputRows;
import io.rephrase.jobs.spark.PromptParser;
import io.rephrase.jobs.spark.VerifierGoldCheck;
import io.rephrase.jobs.table.ChunkId;
import io.rephrase.jobs.table.DatasetCommits;
import io.rephrase.jobs.table.Tables;
import io.rephrase.jobs.table.Warehouse;
import io.rephrase.progress.ProgressStage;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads outside data into {@code prompts}; what cannot be used goes to {@code quarantine} with its
 * source, line and reason. Reading the same data again adds nothing, be it after a kill or beside
 * another ingest: a killed ingest is simply run again, and of two at once the later finds what the
 * other added.
 */
public final class IngestJob {

  private static final Logger log = LoggerFactory.getLogger(IngestJob.class);
  private static final StructType INPUT =
      StructType.fromDDL("source STRING, line BIGINT, raw STRING, problem STRING");
  private static final String ADD = "add";
  private static final String KEEP = "keep";
  private static final String QUARANTINE = "quarantine";

  private final Warehouse warehouse;
  private final SparkSession session;
  private final GoldCheck goldCheck;

  public IngestJob(Warehouse warehouse, GoldCheck goldCheck) {
    this.warehouse = warehouse;
    this.session = warehouse.session();
    this.goldCheck = goldCheck;
  }

  /** As {@code rephrase ingest} does. */
  public static void main(String[] words) {
    JobMain.start(Jobs.INGEST, words);
  }

  /**
   * Reads every configured source; what came of each goes to {@code call.out()}.
   *
   * @throws ConfigurationException if none is configured
   */
  static void run(Warehouse warehouse, JobCall call) {
    RunConfig config = call.resolved().config();
    if (config.data().sources().isEmpty()) {
      throw new ConfigurationException(
          "data.sources names nothing to ingest into table prompts; give data.sources.NAME.path=FILE");
    }
    IngestJob job = new IngestJob(warehouse, new VerifierGoldCheck());
    for (Map.Entry<String, SourceConfig> source :
        new TreeMap<>(config.data().sources()).entrySet()) {
      String name = "ingest " + source.getKey();
      try (ProgressStage stage = call.progress().stage(name, 0, "records")) {
        IngestSummary summary = job.run(config.run().id(), source.getKey(), source.getValue());
        stage.advance(summary.read());
        summary.lines().forEach(call.out()::println);
      }
    }
  }

  /**
   * Reads one source, and again whenever another writer was quicker to add to its data set.
   *
   * @throws InputException if the source cannot be read at all
   */
  public IngestSummary run(String runId, String dataset, SourceConfig source) {
    Optional<IngestSummary> summary = Optional.empty();
    while (summary.isEmpty()) {
      summary = read(runId, dataset, source, prompts(dataset).next());
    }
    return summary.get();
  }

  /**
   * Reads one source unless its data set is there, be it by another writer of the same moment.
   *
   * @return empty where it is there
   * @throws InputException if the source cannot be read at all
   */
  Optional<IngestSummary> runIfAbsent(String runId, String dataset, SourceConfig source) {
    return prompts(dataset).ifAbsent(next -> read(runId, dataset, source, next));
  }

  private DatasetCommits prompts(String dataset) {
    return new DatasetCommits(warehouse, Tables.PROMPTS, dataset);
  }

  /** Empty where another writer made the commit {@code next}. */
  private Optional<IngestSummary> read(
      String runId, String dataset, SourceConfig source, ChunkId next) {
    PromptParser parser = new PromptParser(defaults(dataset, source), goldCheck);
    Dataset<Row> parsed = read(source).map(parser, Encoders.row(PromptParser.SCHEMA));
    Dataset<Row> judged = judge(parsed, dataset).persist(StorageLevel.MEMORY_AND_DISK());
    try {
      return store(runId, dataset, judged, next);
    } finally {
      judged.unpersist();
    }
  }

  private static PromptParser.Defaults defaults(String dataset, SourceConfig source) {
    String benchmark = source.benchmark().orElse("");
    String split = source.split();
    String knowledgeSource = source.knowledgeSource();
    return new PromptParser.Defaults(
        dataset,
        benchmark,
        source.optionSeed(),
        split.isBlank() && !benchmark.isBlank() ? HashSplit.TEST.label() : split,
        source.verifier(),
        knowledgeSource.isBlank() ? benchmark : knowledgeSource,
        source.columns());
  }

  private Dataset<Row> read(SourceConfig source) {
    SourceFormat format = format(source);
    requirePath(source.path());
    JavaRDD<Row> rows =
        switch (format) {
          case PARQUET -> rows(source, session.read().parquet(source.path()));
          case DELTA -> rows(source, session.read().format("delta").load(source.path()));
          case CSV -> rows(source, csv(source));
          case AUTO, JSONL ->
              JavaSparkContext.fromSparkContext(session.sparkContext())
                  .binaryFiles(source.path())
                  .flatMap(new InputLines());
        };
    Dataset<Row> input = session.createDataset(rows.rdd(), Encoders.row(INPUT));
    return source.limit() == 0
        ? input
        : input.orderBy("source", "line").limit(Math.toIntExact(source.limit()));
  }

  private void requirePath(String path) {
    Path pattern = new Path(path);
    try {
      FileStatus[] found =
          pattern.getFileSystem(session.sparkContext().hadoopConfiguration()).globStatus(pattern);
      if (found == null || found.length == 0) {
        throw new InputException("there is no data source " + path + "; check data.sources.*.path");
      }
    } catch (IOException e) {
      throw new InputException(
          "data source " + path + " cannot be reached; check data.sources.*.path", e);
    }
  }

  private static JavaRDD<Row> rows(SourceConfig source, Dataset<Row> data) {
    Dataset<String> json =
        data.select(to_json(struct(col("*")), Map.of("ignoreNullFields", "false")))
            .as(Encoders.STRING());
    return json.toJavaRDD().zipWithIndex().map(new InputRows(source.path()));
  }

  private Dataset<Row> csv(SourceConfig source) {
    DataFrameReader reader = session.read().option("multiLine", "true").option("escape", "\"");
    List<String> names =
        source
            .benchmark()
            .map(label -> Label.parse(Benchmarks.class, label).columnsWithoutHeader())
            .orElse(List.of());
    if (names.isEmpty()) {
      return reader.option("header", "true").csv(source.path());
    }
    StructType schema = new StructType();
    for (String name : names) {
      schema = schema.add(name, DataTypes.StringType);
    }
    // Such a file says by its own name what it is about.
    return reader.schema(schema).csv(source.path()).withColumn("subject", input_file_name());
  }

  private static SourceFormat format(SourceConfig source) {
    if (source.format() != SourceFormat.AUTO) {
      return source.format();
    }
    String name = source.path().toLowerCase(Locale.ROOT);
    if (name.endsWith(".parquet")) {
      return SourceFormat.PARQUET;
    }
    if (name.endsWith(".csv") || name.endsWith(".csv.gz")) {
      return SourceFormat.CSV;
    }
    if (name.endsWith(".jsonl") || name.endsWith(".jsonl.gz") || name.endsWith(".json")) {
      return SourceFormat.JSONL;
    }
    throw new InputException(
        "the format of %s cannot be told from its name; set format to jsonl, parquet, delta or csv"
            .formatted(source.path()));
  }

  /** Adds {@code fate}: whether a record is added, kept as it is in the table, or quarantined. */
  private Dataset<Row> judge(Dataset<Row> parsed, String dataset) {
    Dataset<Row> stored =
        warehouse
            .read(Tables.PROMPTS)
            .where(col("dataset").equalTo(dataset))
            .select(col("prompt_id").as("stored_id"), fingerprint().as("stored_content"));
    Column order =
        row_number().over(Window.partitionBy("reason", "prompt_id").orderBy("source", "line"));
    Dataset<Row> joined =
        parsed
            .withColumn("occurrence", order)
            .withColumn("content", fingerprint())
            .join(stored, col("prompt_id").equalTo(col("stored_id")), "left");
    Column usable = col("reason").isNull();
    Column repeated = usable.and(col("occurrence").gt(1));
    Column changed =
        usable
            .and(col("stored_id").isNotNull())
            .and(col("content").notEqual(col("stored_content")));
    return joined
        .withColumn(
            "detail",
            when(
                    repeated,
                    concat(lit("prompt_id stands earlier in the source: "), col("prompt_id")))
                .when(
                    changed,
                    concat(
                        lit("the table holds this prompt_id with other content: "),
                        col("prompt_id")))
                .otherwise(col("detail")))
        .withColumn(
            "fate",
            when(col("reason").isNotNull().or(repeated).or(changed), lit(QUARANTINE))
                .when(col("stored_id").isNotNull(), lit(KEEP))
                .otherwise(lit(ADD)))
        .withColumn(
            "reason", when(repeated.or(changed), lit("duplicate")).otherwise(col("reason")));
  }

  private static Column fingerprint() {
    return sha2(
        to_json(
                struct(
                    col("question"),
                    col("gold"),
                    col("verifier"),
                    col("knowledge"),
                    col("knowledge_source"),
                    col("split"),
                    col("difficulty"),
                    array_sort(map_entries(col("metadata"))).as("metadata")))
            .cast("binary"),
        256);
  }

  private Optional<IngestSummary> store(
      String runId, String dataset, Dataset<Row> judged, ChunkId next) {
    Map<String, Long> quarantined = new HashMap<>();
    Map<String, Long> fates = new HashMap<>();
    for (Row row : judged.groupBy("fate", "reason").count().collectAsList()) {
      fates.merge(row.getString(0), row.getLong(2), Long::sum);
      if (row.getString(0).equals(QUARANTINE)) {
        quarantined.put(row.getString(1), row.getLong(2));
      }
    }
    // First: once prompts are there a run never reads their source again.
    if (!quarantined.isEmpty()) {
      new Quarantine(warehouse, dataset).add(runId, judged.where(col("fate").equalTo(QUARANTINE)));
    }
    if (fates.containsKey(ADD)
        && !prompts(dataset).append(judged.where(col("fate").equalTo(ADD)), next)) {
      log.info("dataset={} commit={} made_by_another_writer=true", dataset, next);
      return Optional.empty();
    }
    IngestSummary summary =
        new IngestSummary(
            dataset,
            fates.values().stream().mapToLong(Long::longValue).sum(),
            fates.getOrDefault(ADD, 0L),
            fates.getOrDefault(KEEP, 0L),
            quarantined);
    log.info(
        "dataset={} read={} added={} already_there={} quarantined={}",
        dataset,
        summary.read(),
        summary.added(),
        summary.alreadyThere(),
        quarantined);
    return Optional.of(summary);
  }
}
