package io.rephrase.jobs.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rephrase.TableException;
import io.rephrase.data.FinishReason;
import io.rephrase.data.Guidance;
import io.rephrase.data.Label;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RecordCodecTest {

  public record Inner(int index, Optional<Double> reward, float[] logProbs) {}

  public record Outer(
      String runId,
      FinishReason reason,
      Optional<String> note,
      double rate,
      double[] rewards,
      Instant at,
      Map<String, String> tags,
      List<Inner> parts) {}

  private static final StructType SCHEMA =
      StructType.fromDDL(
          "run_id STRING NOT NULL, reason STRING NOT NULL, note STRING, rate DOUBLE,"
              + " rewards ARRAY<DOUBLE> NOT NULL, at TIMESTAMP NOT NULL,"
              + " tags MAP<STRING,STRING> NOT NULL,"
              + " parts ARRAY<STRUCT<index: INT, reward: DOUBLE, log_probs: ARRAY<FLOAT>>> NOT NULL");

  @Test
  void everyKindOfComponentComesBackFromItsRow() {
    RecordCodec<Outer> codec = RecordCodec.of(Outer.class, SCHEMA);

    Outer back = codec.fromRow(codec.toRow(outer()));

    assertThat(back)
        .usingRecursiveComparison()
        .withComparatorForType(Double::compare, Double.class)
        .isEqualTo(outer());
  }

  @Test
  void notANumberIsNullInTheTable() {
    Row row = RecordCodec.of(Outer.class, SCHEMA).toRow(outer());

    assertThat(row.get(3)).isNull();
    assertThat((Object[]) row.get(4)).containsExactly(1.0, null);
    assertThat(row.get(1)).isEqualTo("eos");
  }

  @Test
  void aCodecSurvivesSerialization() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    RecordCodec<Outer> codec = RecordCodec.of(Outer.class, SCHEMA);
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(codec);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      RecordCodec<?> copy = (RecordCodec<?>) in.readObject();
      assertThat(copy.fromRow(codec.toRow(outer())))
          .usingRecursiveComparison()
          .withComparatorForType(Double::compare, Double.class)
          .isEqualTo(outer());
    }
  }

  public record Small(String runId, int steps, Optional<Double> loss) {}

  @Test
  void everyDifferenceFromTheDeclaredColumnsIsNamed() {
    StructType schema = StructType.fromDDL("run_id STRING, steps BIGINT NOT NULL, extra STRING");

    assertThatThrownBy(() -> RecordCodec.of(Small.class, schema))
        .isInstanceOf(TableException.class)
        .hasMessageContaining("column run_id may be NULL but the component is not Optional")
        .hasMessageContaining("column steps is BIGINT but the component needs INT")
        .hasMessageContaining("component loss has no column loss")
        .hasMessageContaining("column extra has no component");
  }

  @Test
  void aDifferenceInsideAStructIsNamedWithItsPath() {
    StructType schema = StructType.fromDDL("part STRUCT<index: BIGINT, reward: DOUBLE> NOT NULL");

    assertThatThrownBy(() -> RecordCodec.of(Holder.class, schema))
        .hasMessageContaining("column part.index is BIGINT but the component needs INT")
        .hasMessageContaining("component logProbs has no column part.log_probs");
  }

  public record Holder(Inner part) {}

  @Test
  void aReaderOfFewColumnsAsksForThoseItsRecordNames() {
    StructType groups = TableDefinition.of(Tables.ROLLOUT_GROUPS).schema();

    StructType pruned = RecordCodec.pruned(Few.class, groups).schema();

    assertThat(pruned.toDDL())
        .contains("position INT")
        .contains("rollouts ARRAY<STRUCT<reward: DOUBLE")
        .doesNotContain("token_ids");
    assertThat(pruned.size()).isEqualTo(2);
    assertThatThrownBy(() -> RecordCodec.pruned(Holder.class, groups))
        .hasMessageContaining("component part has no column part");
  }

  public record Few(List<FewOfRollout> rollouts, int position) {}

  public record FewOfRollout(Optional<Double> reward) {}

  @Test
  void aRowThatBreaksTheRecordsLawIsRefusedByName() {
    TableDefinition definition = TableDefinition.of(Tables.GUIDANCE);
    RecordCodec<Guidance> codec = RecordCodec.of(Guidance.class, definition.schema());
    Object[] cells = Fixtures.cells(codec.toRow(Fixtures.guidance("r", 0, 0)));
    cells[0] = " ";

    assertThatThrownBy(() -> codec.fromRow(org.apache.spark.sql.RowFactory.create(cells)))
        .isInstanceOf(TableException.class)
        .hasMessageContaining("a row is no Guidance: runId must not be blank");
  }

  @ParameterizedTest
  @EnumSource(Tables.class)
  void everyTablesRecordMatchesItsDeclaration(Tables table) {
    TableDefinition definition = TableDefinition.of(table);

    assertThat(RecordCodec.of(table.row(), definition.schema()).schema().size()).isPositive();
    assertThat(definition.comment()).contains("Key: ");
    assertThat(definition.constrained()).isNotEqualTo(table.control());
    for (var field : definition.schema().fields()) {
      assertThat(field.getComment().isDefined()).as(field.name()).isTrue();
    }
    assertThat(definition.schema().fieldNames())
        .contains(definition.properties().get("delta.dataSkippingStatsColumns").split(","));
  }

  @Test
  void labelsAreTheWordsInTheTable() {
    assertThat(Label.parse(Tables.class, "rollout_groups")).isEqualTo(Tables.ROLLOUT_GROUPS);
  }

  private static Outer outer() {
    return new Outer(
        "r1",
        FinishReason.EOS,
        Optional.empty(),
        Double.NaN,
        new double[] {1, Double.NaN},
        Instant.parse("2026-01-02T03:04:05.123456Z"),
        Map.of("a", "b"),
        List.of(
            new Inner(0, Optional.of(0.5), new float[] {-0.25f, -1f}),
            new Inner(1, Optional.empty(), new float[0])));
  }
}
