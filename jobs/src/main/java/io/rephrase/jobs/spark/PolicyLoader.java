package io.rephrase.jobs.spark;

import java.util.Optional;

/** Loads policies into this JVM. */
interface PolicyLoader {

  /** The one that {@code spec} needs. */
  static PolicyLoader of(EngineSpec spec) {
    return spec.sampler() instanceof Sampler.Server server
        ? new EndpointPolicyLoader(server)
        : TorchPolicyLoader.create();
  }

  /** Sets up the calling thread to compute as {@code spec} says. */
  void prepareThread(EngineSpec spec);

  /** A policy that the caller closes. */
  LoadedPolicy load(EngineSpec spec);

  /**
   * The same engine and tokenizer with the weights of {@code spec}; empty where they must be loaded
   * anew, and nothing has changed then.
   */
  Optional<LoadedPolicy> takeUp(LoadedPolicy loaded, EngineSpec spec);
}
