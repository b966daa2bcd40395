package io.rephrase.jobs.spark;

import io.rephrase.endpoint.EndpointClient;
import io.rephrase.generation.EngineOptions;
import io.rephrase.generation.server.EndpointEngine;
import io.rephrase.generation.server.LocalScorer;
import io.rephrase.generation.server.ServedModels;
import io.rephrase.generation.server.ServedPolicy;
import io.rephrase.model.ModelConfig;
import io.rephrase.model.ModelOptions;
import io.rephrase.model.PolicyModels;
import io.rephrase.prompt.Tokenizer;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Policies that a server samples with. Tokenizer and sizes are read here; weights only where
 * something is scored.
 */
final class EndpointPolicyLoader implements PolicyLoader {

  private static final Logger log = LoggerFactory.getLogger(EndpointPolicyLoader.class);

  private final Sampler.Server server;

  EndpointPolicyLoader(Sampler.Server server) {
    this.server = server;
  }

  @Override
  public void prepareThread(EngineSpec spec) {
    TorchPolicyLoader.create().prepareThread(spec);
  }

  @Override
  public LoadedPolicy load(EngineSpec spec) {
    Path folder = TorchPolicyLoader.folder(spec);
    Tokenizer tokenizer = Tokenizer.open(folder);
    boolean loaded = false;
    try {
      ModelConfig config = PolicyModels.configOf(folder);
      tokenizer.checkFits(config.vocabularySize());
      EndpointEngine engine =
          engine(spec, folder, ServedPolicy.of(tokenizer, config, spec.maxContextTokens()));
      loaded = true;
      return new LoadedPolicy(folder, tokenizer, engine, config.eosTokenIds());
    } finally {
      if (!loaded) {
        tokenizer.close();
      }
    }
  }

  private EndpointEngine engine(EngineSpec spec, Path folder, ServedPolicy policy) {
    EndpointClient client = server.client();
    String model = ServedModels.name(client, server.dialect(), server.model());
    log.info(
        "policy_version={} url={} dialect={} model={} slots={}",
        spec.policyVersion(),
        server.address().url(),
        server.dialect().label(),
        model,
        spec.slots());
    ModelOptions scoring = ModelOptions.defaults().on(GpuResources.device(spec.device()));
    return new EndpointEngine(
        new EndpointEngine.Server(client, server.dialect(), model),
        policy,
        EngineOptions.of(spec.slots()).cancelledBy(ExecutorEngines::cancelled),
        new LocalScorer(folder, scoring, ExecutorEngines::cancelled));
  }

  /** Opening another is cheap: there is nothing to take up. */
  @Override
  public Optional<LoadedPolicy> takeUp(LoadedPolicy loaded, EngineSpec spec) {
    return Optional.empty();
  }
}
