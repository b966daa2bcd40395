package io.rephrase.jobs.spark;

import io.rephrase.ConfigurationException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.resource.ResourceProfile;
import org.apache.spark.resource.ResourceProfileBuilder;
import org.apache.spark.resource.TaskResourceRequests;

/**
 * How generating stages lie over the engines of a cluster, one an executor. Their tasks ask for all
 * cores of an executor and its GPU by a profile of their own, so that all other stages use every
 * core. Without a state of its own but the profiles made, which Spark never forgets.
 */
public final class EnginePlacement {

  private static final String EXECUTOR_GPUS = "spark.executor.resource.gpu.amount";
  private static final String TASK_GPUS = "spark.task.resource.gpu.amount";
  private static final Map<Request, ResourceProfile> PROFILES = new ConcurrentHashMap<>();

  /** What one generating task takes of an executor. */
  record Request(int cores, double gpus) {}

  private EnginePlacement() {}

  /** How many engines there are: executors, or one in local mode. */
  public static int engines(JavaSparkContext spark) {
    if (spark.isLocal()) {
      return 1;
    }
    // The driver is counted among them.
    int registered = spark.sc().statusTracker().getExecutorInfos().length - 1;
    return Math.max(1, Math.max(registered, spark.getConf().getInt("spark.executor.instances", 1)));
  }

  /**
   * The resources of a generating task; empty in local mode, which has no executors to ask.
   *
   * @throws ConfigurationException if executors have more than the one GPU an engine can use
   */
  public static Optional<ResourceProfile> profile(SparkConf conf) {
    return request(conf)
        .map(request -> PROFILES.computeIfAbsent(request, EnginePlacement::taskProfile));
  }

  static Optional<Request> request(SparkConf conf) {
    String master = conf.get("spark.master", "local");
    if (master.equals("local") || master.startsWith("local[")) {
      return Optional.empty();
    }
    int gpus = conf.getInt(EXECUTOR_GPUS, 0);
    if (gpus > 1) {
      throw new ConfigurationException(
          "%s must be 1, got %d: an executor has one engine, which computes on one GPU; set it to 1 and start %d times as many executors"
              .formatted(EXECUTOR_GPUS, gpus, gpus));
    }
    double share = gpus == 0 ? 0 : conf.getDouble(TASK_GPUS, 1);
    int taskCores = conf.getInt("spark.task.cpus", 1);
    // Part of a GPU a task is how a user says that tasks are to take turns on an engine.
    int cores = share > 0 && share < 1 ? taskCores : conf.getInt("spark.executor.cores", taskCores);
    return Optional.of(new Request(cores, share));
  }

  private static ResourceProfile taskProfile(Request request) {
    TaskResourceRequests task = new TaskResourceRequests().cpus(request.cores());
    if (request.gpus() > 0) {
      task.resource("gpu", request.gpus());
    }
    return new ResourceProfileBuilder().require(task).build();
  }
}
