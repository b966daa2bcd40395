package io.rephrase.config;

/**
 * How completions are computed.
 *
 * @param slots completions decoded side by side in one engine; requests under way from it, where a
 *     server samples
 * @param threads of one engine; 0 takes the cores given to the task
 * @param deterministic fixed order and one thread, so that runs are equal to the bit
 * @param device where the engine and the trainer compute
 * @param maxContextTokens prompt and completion together; 0 takes the checkpoint's
 * @param stallSeconds an engine without a sign of life for so long, while another task waits for
 *     it, is given up
 * @param endpoint the server that samples, if any
 */
public record EngineConfig(
    int slots,
    int threads,
    boolean deterministic,
    String device,
    int maxContextTokens,
    int stallSeconds,
    EndpointConfig endpoint) {
  public EngineConfig {
    Rules.atLeast("slots", slots, 1);
    Rules.atLeast("threads", threads, 0);
    Rules.atLeast("maxContextTokens", maxContextTokens, 0);
    Rules.atLeast("stallSeconds", stallSeconds, 1);
    if (!device.matches("auto|cpu|gpu\\d+")) {
      throw new IllegalArgumentException(
          "device must be auto, cpu, gpu0, gpu1, ..., got \"" + device + "\"");
    }
    if (deterministic && !endpoint.here()) {
      throw new IllegalArgumentException(
          "deterministic = true promises the same bits, and no server keeps that (endpoint.url = %s); set engine.deterministic = false"
              .formatted(endpoint.url()));
    }
  }
}
