package io.rephrase.jobs.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.rephrase.data.Prompt;
import io.rephrase.jobs.spark.SparkTestSession;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetCommitsIT {

  @TempDir static Path folder;
  private static Warehouse warehouse;

  @BeforeAll
  static void openWarehouse() {
    warehouse = Warehouse.open(SparkTestSession.get(), folder.toString());
  }

  @Test
  void ofTwoWritersThatReadTheSameOneCommits() {
    DatasetCommits one = new DatasetCommits(warehouse, Tables.PROMPTS, "sums");
    DatasetCommits other = new DatasetCommits(warehouse, Tables.PROMPTS, "sums");
    ChunkId next = one.next();
    assertThat(other.next()).isEqualTo(next).hasToString("sums/ingest/0/0/0");
    assertThat(one.present()).isFalse();

    assertThat(one.append(prompt("sums", "one"), next)).isTrue();
    assertThat(other.append(prompt("sums", "other"), next)).isFalse();

    assertThat(promptIds("sums")).containsExactly("one");
    assertThat(other.present()).isTrue();
    assertThat(other.next()).hasToString("sums/ingest/0/0/1");
    assertThat(new DatasetCommits(warehouse, Tables.PROMPTS, "terms").next())
        .hasToString("terms/ingest/0/0/0");
  }

  @Test
  void aCommitThatAnotherWriterMakesJustBeforeOursIsNotTakenForOurs() {
    DatasetCommits theirs = new DatasetCommits(warehouse, Tables.PROMPTS, "late");
    // The fence is asked after the log was looked at and before Delta begins to write.
    CommitFence overtaken = () -> theirs.append(prompt("late", "theirs"), theirs.next());
    DatasetCommits ours =
        new DatasetCommits(warehouse, warehouse.store(overtaken), Tables.PROMPTS, "late");

    assertThat(ours.append(prompt("late", "ours"), ours.next())).isFalse();

    assertThat(promptIds("late")).containsExactly("theirs");
  }

  @Test
  void ofTwoAppendsThatBeganBeforeEitherCommittedTheSecondWritesNothing() {
    String path = warehouse.path(Tables.PROMPTS);
    String mark = "race/ingest/0/0/0";
    MarkedAppend first = MarkedAppend.begin(warehouse.session(), path, mark);
    MarkedAppend second = MarkedAppend.begin(warehouse.session(), path, mark);
    MarkedAppend unlike = MarkedAppend.begin(warehouse.session(), path, "race/ingest/0/0/1");

    assertThat(first.commit(prompt("race", "first"))).isTrue();
    assertThat(second.commit(prompt("race", "second"))).isFalse();
    assertThat(unlike.commit(prompt("race", "unlike"))).isTrue();

    assertThat(promptIds("race")).containsExactlyInAnyOrder("first", "unlike");
  }

  private static Dataset<Row> prompt(String dataset, String promptId) {
    RecordCodec<Prompt> codec = warehouse.codec(Tables.PROMPTS, Prompt.class);
    Prompt prompt =
        new Prompt(
            dataset,
            promptId,
            "1+1?",
            "2",
            "numeric",
            Optional.empty(),
            Optional.empty(),
            "train",
            Optional.empty(),
            Map.of());
    return warehouse.session().createDataFrame(List.of(codec.toRow(prompt)), codec.schema());
  }

  private static List<String> promptIds(String dataset) {
    return warehouse
        .read(Tables.PROMPTS)
        .where("dataset = '" + dataset + "'")
        .select("prompt_id")
        .collectAsList()
        .stream()
        .map(row -> row.getString(0))
        .toList();
  }
}
