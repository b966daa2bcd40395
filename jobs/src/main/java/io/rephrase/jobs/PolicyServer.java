package io.rephrase.jobs;

import io.rephrase.ConfigurationException;
import io.rephrase.config.EndpointConfig;
import io.rephrase.data.Checkpoint;
import io.rephrase.endpoint.EndpointAddress;
import io.rephrase.endpoint.EndpointKey;
import io.rephrase.generation.server.CallAnnouncer;
import io.rephrase.generation.server.CommandAnnouncer;
import io.rephrase.generation.server.PolicyAnnouncer;
import io.rephrase.jobs.spark.CheckpointCache;
import io.rephrase.jobs.spark.Sampler;
import java.time.Duration;
import java.util.OptionalInt;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who samples for a run: its engines, or a server, which is told of each policy before it samples
 * with it. Belongs to the driver; thread-safe.
 */
final class PolicyServer {

  private static final Logger log = LoggerFactory.getLogger(PolicyServer.class);

  private final EndpointConfig endpoint;
  private OptionalInt announced = OptionalInt.empty();

  private PolicyServer(EndpointConfig endpoint) {
    this.endpoint = endpoint;
  }

  /**
   * The server of a run, or nobody.
   *
   * @throws ConfigurationException if the key is not in this process's environment, or is handed to
   *     executors by Spark's settings, where it would be stored and shown
   */
  static PolicyServer of(EndpointConfig endpoint, SparkConf spark) {
    if (!endpoint.here()) {
      checkKey(endpoint.keyVariable(), spark);
    }
    return new PolicyServer(endpoint);
  }

  /**
   * Refuses a key that is missing here, or would not stay secret on the way to executors.
   *
   * @throws ConfigurationException as {@link #of} does
   */
  static void checkKey(String variable, SparkConf spark) {
    if (variable.equals(EndpointKey.NONE)) {
      return;
    }
    String setting = "spark.executorEnv." + variable;
    if (spark.contains(setting)) {
      throw new ConfigurationException(
          "%s holds the key, and Spark shows and stores its settings: take it out, and give the key to executors by their own environment (spark-env.sh, or a secret of the cluster)"
              .formatted(setting));
    }
    EndpointKey.ofEnvironment(variable);
  }

  /** Who samples, for executors to know. */
  Sampler sampler() {
    return endpoint.here()
        ? new Sampler.Here()
        : new Sampler.Server(
            new EndpointAddress(endpoint.url()),
            endpoint.kind(),
            endpoint.model(),
            endpoint.keyVariable(),
            endpoint.patience());
  }

  /** Whether answers are a server's. */
  boolean serves() {
    return !endpoint.here();
  }

  /**
   * Returns when the server samples with {@code policy}; at once where it heard of it last.
   *
   * @throws io.rephrase.EndpointException if the server does not take it up
   * @throws ConfigurationException if there is no way to tell it
   */
  synchronized void serve(Checkpoint policy) {
    int version = policy.policyVersion();
    if (endpoint.here() || announced.equals(OptionalInt.of(version))) {
      return;
    }
    switch (endpoint.announce()) {
      case NONE -> requireFirst(version);
      case CALL -> announce(new CallAnnouncer(server().client(), endpoint.kind()), policy);
      case COMMAND ->
          announce(
              new CommandAnnouncer(
                  endpoint.command(), Duration.ofSeconds(endpoint.deadlineSeconds())),
              policy);
    }
    announced = OptionalInt.of(version);
  }

  private Sampler.Server server() {
    return (Sampler.Server) sampler();
  }

  private void requireFirst(int version) {
    if (version > 0) {
      throw new ConfigurationException(
          "engine.endpoint.announce = none: %s cannot be told of policy %d; set announce = call, or announce = command"
              .formatted(endpoint.url(), version));
    }
  }

  private void announce(PolicyAnnouncer announcer, Checkpoint policy) {
    long started = System.nanoTime();
    String folder =
        CheckpointCache.isLocal(policy.path())
            ? new Path(policy.path()).toUri().getPath()
            : policy.path();
    announcer.announce(folder, policy.policyVersion());
    log.info(
        "url={} policy_version={} folder={} announced_ms={}",
        endpoint.url(),
        policy.policyVersion(),
        folder,
        (System.nanoTime() - started) / 1_000_000);
  }
}
