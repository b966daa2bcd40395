package io.rephrase.config;

import java.util.Map;

/**
 * How work is dealt out.
 *
 * @param master where no {@code spark-submit} says otherwise
 * @param chunkPrompts prompts committed together; 0 takes 4 times all slots
 * @param chunksInFlight generated side by side
 * @param tasks of a stage; 0 takes one an engine
 * @param properties Spark's own, by their full names
 */
public record SparkConfig(
    String master,
    int chunkPrompts,
    int chunksInFlight,
    int tasks,
    Map<String, String> properties) {
  public SparkConfig {
    properties = Rules.sorted(properties);
    Rules.notBlank("master", master);
    Rules.atLeast("chunkPrompts", chunkPrompts, 0);
    Rules.atLeast("chunksInFlight", chunksInFlight, 1);
    Rules.atLeast("tasks", tasks, 0);
  }
}
