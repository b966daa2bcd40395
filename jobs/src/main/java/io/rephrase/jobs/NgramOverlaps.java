package io.rephrase.jobs;

import static org.apache.spark.sql.functions.array_union;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.countDistinct;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.first;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.posexplode;
import static org.apache.spark.sql.functions.udf;

import io.rephrase.config.ContaminationConfig;
import io.rephrase.contamination.TextNormalizer;
import io.rephrase.jobs.spark.NgramHashes;
import io.rephrase.jobs.spark.NgramText;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Which prompts share n-grams of normalized words with which benchmark problems: a join on hashes.
 *
 * <p>An n-gram that more than {@code maxProblems} problems of one benchmark have, such as an
 * instruction, is left out. So no n-gram of a prompt meets more problems of a benchmark than that,
 * however many prompts have it. Left out are also those of which it makes up half: twelve words of
 * an instruction and one of the question after it say nothing of the question.
 */
final class NgramOverlaps {

  /** A problem of a benchmark, before its n-grams. */
  static final StructType PROBLEM =
      StructType.fromDDL(
          "benchmark STRING, benchmark_dataset STRING, problem_id STRING, question STRING");

  private final ContaminationConfig settings;
  private final Dataset<Row> problems;
  private final Dataset<Row> specific;
  private final UserDefinedFunction hashes;

  /**
   * @param problems as {@link #PROBLEM}
   */
  NgramOverlaps(Dataset<Row> problems, ContaminationConfig settings) {
    this.settings = settings;
    this.hashes =
        udf(
            new NgramHashes(settings.ngramWords()),
            DataTypes.createArrayType(DataTypes.LongType, false));
    this.problems = problems;
    this.specific = specific();
  }

  /** The n-grams of problems that are not boilerplate, with how many a problem has of them. */
  private Dataset<Row> specific() {
    Column sharing = count(lit(1)).over(Window.partitionBy("benchmark", "ngram"));
    WindowSpec problem = Window.partitionBy("benchmark", "problem_id");
    long half = settings.ngramWords() / 2;
    Column mostShared = max("sharing").over(problem.orderBy("index").rowsBetween(-half, half));
    return problems
        .select(
            col("benchmark"),
            col("benchmark_dataset"),
            col("problem_id"),
            posexplode(hashes.apply(col("question"))).as(new String[] {"index", "ngram"}))
        .withColumn("sharing", sharing)
        .withColumn("most_shared", mostShared)
        .where(col("most_shared").leq(settings.maxProblems()))
        .withColumn("problem_ngrams", count(lit(1)).over(problem));
  }

  /** How many problems have an n-gram to be found by, as (benchmark, problems). */
  Dataset<Row> comparable() {
    return specific.groupBy("benchmark").agg(countDistinct(col("problem_id")).as("problems"));
  }

  /**
   * The overlaps that reach the smallest share, in the columns of {@code contamination}.
   *
   * @param prompts with their columns of that table
   */
  Dataset<Row> with(Dataset<Row> prompts) {
    Column ofSolution = hashes.apply(coalesce(col("knowledge"), lit("")));
    Dataset<Row> ngrams =
        prompts
            .select("dataset", "prompt_id", "question", "knowledge")
            // One small file would be one task, and its n-grams are many times larger.
            .repartition(prompts.sparkSession().sparkContext().defaultParallelism())
            .select(
                col("dataset"),
                col("prompt_id"),
                explode(array_union(hashes.apply(col("question")), ofSolution)).as("ngram"));
    UserDefinedFunction text = udf(new NgramText(settings.ngramWords()), DataTypes.StringType);
    return ngrams
        .join(specific, "ngram")
        .groupBy("dataset", "prompt_id", "benchmark", "benchmark_dataset", "problem_id")
        .agg(
            count(lit(1)).cast(DataTypes.IntegerType).as("shared_ngrams"),
            first("problem_ngrams").as("problem_ngrams"),
            min("index").as("index"))
        .withColumn("problem_share", col("shared_ngrams").divide(col("problem_ngrams")))
        .where(col("problem_share").geq(settings.minShare()))
        .join(problems.drop("benchmark_dataset"), new String[] {"benchmark", "problem_id"})
        .withColumn("example", text.apply(col("question"), col("index")))
        .withColumn("ngram_words", lit(settings.ngramWords()))
        .withColumn("normalizer", lit(TextNormalizer.VERSION));
  }
}
