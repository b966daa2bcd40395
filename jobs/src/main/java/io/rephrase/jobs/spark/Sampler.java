package io.rephrase.jobs.spark;

import io.rephrase.endpoint.EndpointAddress;
import io.rephrase.endpoint.EndpointClient;
import io.rephrase.endpoint.EndpointKey;
import io.rephrase.endpoint.Patience;
import io.rephrase.generation.server.Dialects;
import java.io.Serializable;

/** Who samples for an engine. */
public sealed interface Sampler extends Serializable {

  /** The process itself. */
  record Here() implements Sampler {}

  /**
   * A server. The key is not part of it: whoever asks the server takes it from its own environment.
   *
   * @param address of the server
   * @param dialect it speaks
   * @param model as the server calls it; empty takes the first it lists
   * @param keyVariable name of the variable with the key, or {@link EndpointKey#NONE}
   * @param patience with it
   */
  record Server(
      EndpointAddress address,
      Dialects dialect,
      String model,
      String keyVariable,
      Patience patience)
      implements Sampler {

    /**
     * Reaches the server, with the key of this process's environment.
     *
     * @throws io.rephrase.ConfigurationException if the variable is not set
     */
    public EndpointClient client() {
      return new EndpointClient(address, EndpointKey.ofEnvironment(keyVariable), patience);
    }
  }
}
