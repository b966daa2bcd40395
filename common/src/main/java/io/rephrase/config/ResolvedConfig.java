package io.rephrase.config;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.rephrase.ConfigurationException;
import io.rephrase.config.TrainConfig.Schedule;
import io.rephrase.data.Sha256;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A run's configuration with the origin of every value. Immutable.
 *
 * @param config the values, typed
 * @param settings every key in order, with its value as JSON and its origin
 */
public record ResolvedConfig(RunConfig config, SortedMap<String, Setting> settings) {

  /** Where a run is kept, how fast it goes and when it stops does not change what it is. */
  private static final Set<String> FREE =
      Set.of(
          "run.warehouse",
          "run.soleWriter",
          "engine.threads",
          "engine.device",
          "engine.stallSeconds",
          "engine.endpoint.url",
          "engine.endpoint.keyVariable",
          "engine.endpoint.timeoutSeconds",
          "engine.endpoint.deadlineSeconds",
          "engine.endpoint.retries",
          "engine.endpoint.announce",
          "engine.endpoint.command",
          "judge.url",
          "judge.keyVariable",
          "judge.concurrency",
          "judge.timeoutSeconds",
          "judge.deadlineSeconds",
          "judge.retries",
          "spark.master",
          "spark.chunkPrompts",
          "spark.chunksInFlight",
          "spark.tasks",
          "train.keptOptimizers",
          "failure.maxRatio");

  private static final String SPARK_PROPERTIES = "spark.properties.";

  /** What is compared beside a run. */
  private static final String CONTAMINATION = "contamination.";

  public ResolvedConfig {
    settings = Collections.unmodifiableSortedMap(new TreeMap<>(settings));
  }

  /** One JSON object, keys with dots and in order: equal configurations give equal texts. */
  public String canonicalJson() {
    JsonObject object = new JsonObject();
    settings.forEach((key, setting) -> object.add(key, setting.value()));
    return Json.GSON.toJson(object);
  }

  /** SHA-256 of {@link #canonicalJson}, hexadecimal. */
  public String hash() {
    return Sha256.hex(canonicalJson());
  }

  /**
   * The configuration a run was recorded with.
   *
   * @param canonicalJson as {@link #canonicalJson} wrote it
   * @throws ConfigurationException when it cannot be read, or its keys are of another version
   */
  public static ResolvedConfig recorded(String canonicalJson) {
    Config config = ConfigFactory.empty();
    for (Map.Entry<String, JsonElement> entry : object(canonicalJson).entrySet()) {
      config = config.withValue(entry.getKey(), Json.toConfig(entry.getValue()));
    }
    return new ConfigLoader().over(config).load();
  }

  /**
   * What keeps a run recorded with {@code earlier} from being resumed with this: a line a key,
   * {@code rollout.groupSize: 8 (the run's record) -> 4 (command line)}. Empty when it may go on.
   * More iterations are no difference while the learning rate does not depend on their number.
   */
  public List<String> differencesFrom(ResolvedConfig earlier) {
    Set<String> keys = new TreeSet<>(settings.keySet());
    keys.addAll(earlier.settings.keySet());
    return keys.stream()
        .filter(key -> !free(key) && !valueOf(key).equals(earlier.valueOf(key)))
        .map(key -> "%s: %s -> %s".formatted(key, earlier.described(key), described(key)))
        .toList();
  }

  private boolean free(String key) {
    return FREE.contains(key)
        || key.startsWith(SPARK_PROPERTIES)
        || key.startsWith(CONTAMINATION)
        || (key.equals("run.iterations") && config.train().schedule() == Schedule.CONSTANT);
  }

  private String valueOf(String key) {
    Setting setting = settings.get(key);
    return setting == null ? "absent" : setting.value().toString();
  }

  private String described(String key) {
    Setting setting = settings.get(key);
    return setting == null ? "absent" : "%s (%s)".formatted(setting.value(), setting.origin());
  }

  private static JsonObject object(String canonicalJson) {
    try {
      return JsonParser.parseString(canonicalJson).getAsJsonObject();
    } catch (JsonParseException | IllegalStateException broken) {
      throw new ConfigurationException(
          "the run's recorded configuration is no JSON object: it was not written by this software",
          broken);
    }
  }
}
