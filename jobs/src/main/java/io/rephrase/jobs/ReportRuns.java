package io.rephrase.jobs;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.rephrase.InputException;
import io.rephrase.TableException;
import io.rephrase.config.ConfigLoader;
import io.rephrase.config.Setting;
import io.rephrase.jobs.report.ReportData;
import io.rephrase.jobs.report.ReportData.ConfiguredValue;
import io.rephrase.jobs.table.Warehouse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/** What {@code runs} says of a run: its state and its configuration. */
final class ReportRuns {

  private static final String LATEST =
      """
      SELECT run_id, status, started_at, at, message, config_json, config_hash, code_version
      FROM runs_latest WHERE run_id = :run""";

  /**
   * A run as recorded.
   *
   * @param run in a few words
   * @param configuration every key with its value and where it came from
   * @param delta of the gate
   * @param rho of the gate
   */
  record Recorded(
      ReportData.Run run, List<ConfiguredValue> configuration, double delta, double rho) {}

  private final Warehouse warehouse;
  private final Map<String, Setting> defaults = new ConfigLoader().load().settings();

  ReportRuns(Warehouse warehouse) {
    this.warehouse = warehouse;
  }

  /** The run of this name, or a refusal that lists those there are. */
  Recorded recorded(String runId) {
    List<Row> found = RunSql.query(warehouse.session(), LATEST, runId).takeAsList(1);
    if (found.isEmpty()) {
      throw unknown(runId);
    }
    Row row = found.get(0);
    JsonObject config = parse(runId, row.getAs("config_json"));
    ReportData.Run run =
        new ReportData.Run(
            runId,
            row.getAs("status"),
            word(config, "algorithm.preset"),
            word(config, "policy.checkpoint"),
            row.<java.sql.Timestamp>getAs("started_at").toInstant(),
            row.<java.sql.Timestamp>getAs("at").toInstant(),
            (int) number(config, "run.iterations"),
            row.getAs("code_version"),
            Optional.ofNullable(row.<String>getAs("config_hash")).orElse("unknown"),
            Optional.ofNullable(row.<String>getAs("message")));
    return new Recorded(
        run,
        configuration(config),
        number(config, "guidance.delta"),
        number(config, "guidance.rho"));
  }

  private InputException unknown(String runId) {
    List<String> known =
        warehouse
            .session()
            .sql("SELECT run_id FROM runs_latest ORDER BY at DESC LIMIT 20")
            .collectAsList()
            .stream()
            .map(row -> row.getString(0))
            .toList();
    return new InputException(
        "run \"%s\" is not in warehouse %s; %s"
            .formatted(
                runId,
                warehouse.root(),
                known.isEmpty()
                    ? "it holds no run: name another with --warehouse"
                    : "it holds, newest first: " + String.join(", ", known)));
  }

  private static JsonObject parse(String runId, @Nullable String json) {
    if (json == null) {
      return new JsonObject();
    }
    try {
      return JsonParser.parseString(json).getAsJsonObject();
    } catch (JsonParseException | IllegalStateException broken) {
      throw new TableException(
          "table runs: config_json of run \"%s\" is no JSON object: it was not written by this software"
              .formatted(runId),
          broken);
    }
  }

  private List<ConfiguredValue> configuration(JsonObject config) {
    List<ConfiguredValue> values = new ArrayList<>();
    for (Map.Entry<String, JsonElement> entry : config.entrySet()) {
      Setting setting = defaults.get(entry.getKey());
      values.add(
          new ConfiguredValue(
              entry.getKey(), entry.getValue().toString(), origin(setting, entry.getValue())));
    }
    return values;
  }

  /** The table keeps values, not files: what differs from today's default was chosen. */
  private static String origin(@Nullable Setting setting, JsonElement value) {
    if (setting == null) {
      return "this run";
    }
    return setting.value().equals(value)
        ? "default"
        : "this run; the default is " + setting.value();
  }

  private String word(JsonObject config, String key) {
    JsonElement value = value(config, key);
    return value.isJsonPrimitive() ? value.getAsString() : value.toString();
  }

  private double number(JsonObject config, String key) {
    return value(config, key).getAsDouble();
  }

  private JsonElement value(JsonObject config, String key) {
    JsonElement recorded = config.get(key);
    if (recorded != null && !recorded.isJsonNull()) {
      return recorded;
    }
    Setting setting = defaults.get(key);
    if (setting == null) {
      throw new IllegalStateException("reference.conf has no key " + key);
    }
    return setting.value();
  }
}
