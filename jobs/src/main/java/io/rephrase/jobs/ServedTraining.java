package io.rephrase.jobs;

import io.rephrase.ConfigurationException;
import io.rephrase.config.EndpointConfig;
import io.rephrase.config.RunConfig;

/** What a server must give before a run trains on its answers. */
final class ServedTraining {

  private ServedTraining() {}

  /**
   * Refuses a server whose answers cannot be trained on, before anything is paid for.
   *
   * @throws ConfigurationException if it gives no token ids, its log-probs are of another
   *     temperature than the rollouts', or adapters are trained
   */
  static void check(RunConfig config) {
    EndpointConfig endpoint = config.engine().endpoint();
    if (endpoint.here()) {
      return;
    }
    if (!endpoint.kind().givesTokens()) {
      throw new ConfigurationException(
          "engine.endpoint.dialect = %s gives text without token ids and log-probs, and nothing can be trained on that; `rephrase evaluate` works with it; for rollouts take a server of the kind vllm, sglang or llama-cpp, or engine.endpoint.url = \"\" to sample here"
              .formatted(endpoint.dialect()));
    }
    if (RunMethod.lora(config).isPresent()) {
      throw new ConfigurationException(
          "policy.lora.rank = %d saves adapters, and %s is told of whole policies; set policy.lora.rank = 0, or engine.endpoint.url = \"\" to sample here"
              .formatted(config.policy().lora().rank(), endpoint.url()));
    }
    double temperature = config.rollout().temperature();
    if (!endpoint.scaledLogProbs() && temperature != 1) {
      throw new ConfigurationException(
          "engine.endpoint: the log-probs of %s are of the logits, and rollout.temperature = %s divides them; set rollout.temperature = 1, or where the server was told to scale them (vllm: --logprobs-mode processed_logprobs, with rollout.topP = 1 and rollout.topK = 0) engine.endpoint.logProbs = scaled"
              .formatted(endpoint.dialect(), temperature));
    }
  }

  /** As {@link #check}, and refuses a server that would go on with the first policy for ever. */
  static void checkIterations(RunConfig config) {
    check(config);
    EndpointConfig endpoint = config.engine().endpoint();
    boolean told = endpoint.announce() != EndpointConfig.Announce.NONE;
    if (!endpoint.here() && !told && config.run().iterations() > 0) {
      throw new ConfigurationException(
          "engine.endpoint.announce = none: %s would go on sampling with the first policy while %d are trained; set announce = call, or announce = command"
              .formatted(endpoint.url(), config.run().iterations()));
    }
  }
}
