package io.rephrase.jobs.spark;

import java.util.Map;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;

/**
 * Closes an executor's engine when the executor ends. {@link SparkSessions} sets it as {@code
 * spark.plugins}; executors have fetched the application's jars when they make it.
 */
public final class EnginePlugin implements SparkPlugin {

  @Override
  public DriverPlugin driverPlugin() {
    return new DriverPlugin() {};
  }

  @Override
  public ExecutorPlugin executorPlugin() {
    return new ExecutorPlugin() {
      @Override
      public void init(PluginContext context, Map<String, String> extraConf) {
        // The engine is loaded by the first task that needs it: only it knows the policy.
      }

      @Override
      public void shutdown() {
        ExecutorEngines.release();
      }
    };
  }
}
