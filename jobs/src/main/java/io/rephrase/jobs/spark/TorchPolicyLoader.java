package io.rephrase.jobs.spark;

import io.rephrase.generation.EngineOptions;
import io.rephrase.generation.TorchEngine;
import io.rephrase.model.ModelOptions;
import io.rephrase.model.PolicyFolder;
import io.rephrase.prompt.Tokenizer;
import io.rephrase.torch.ScriptModule;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkEnv;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Loads policies with libtorch. */
final class TorchPolicyLoader implements PolicyLoader {

  private static final Logger log = LoggerFactory.getLogger(TorchPolicyLoader.class);

  private TorchPolicyLoader() {}

  static PolicyLoader create() {
    return new TorchPolicyLoader();
  }

  @Override
  public void prepareThread(EngineSpec spec) {
    ScriptModule.useThreads(threads(spec));
  }

  @Override
  public LoadedPolicy load(EngineSpec spec) {
    PolicyFolder policy = policy(spec);
    Path folder = policy.folder();
    String device = GpuResources.device(spec.device());
    Tokenizer tokenizer = Tokenizer.open(folder);
    boolean loaded = false;
    try {
      EngineOptions options =
          EngineOptions.of(spec.slots())
              .within(spec.maxContextTokens(), Long.MAX_VALUE)
              .cancelledBy(ExecutorEngines::cancelled);
      TorchEngine engine = TorchEngine.open(policy, ModelOptions.defaults().on(device), options);
      tokenizer.checkFits(engine.config().vocabularySize());
      log.info(
          "policy_version={} device={} slots={} threads={} cache_bytes_at_most={}",
          spec.policyVersion(),
          device,
          spec.slots(),
          threads(spec),
          TorchEngine.cacheBytes(engine.config(), spec.slots(), engine.contextTokens()));
      loaded = true;
      return new LoadedPolicy(folder, tokenizer, engine, engine.config().eosTokenIds());
    } finally {
      if (!loaded) {
        tokenizer.close();
      }
    }
  }

  @Override
  public Optional<LoadedPolicy> takeUp(LoadedPolicy loaded, EngineSpec spec) {
    PolicyFolder policy = policy(spec);
    return loaded.engine().takeUp(policy)
        ? Optional.of(
            new LoadedPolicy(
                policy.folder(), loaded.tokenizer(), loaded.engine(), loaded.eosTokenIds()))
        : Optional.empty();
  }

  /** The checkpoint's folder on this machine. */
  static Path folder(EngineSpec spec) {
    return CheckpointCache.ofNode(hadoop()).local(spec.path(), spec.sha256());
  }

  private static PolicyFolder policy(EngineSpec spec) {
    CheckpointCache cache = CheckpointCache.ofNode(hadoop());
    Path folder = cache.local(spec.path(), spec.sha256());
    EngineSpec.Base base = spec.base();
    return base.equals(EngineSpec.Base.NONE)
        ? new PolicyFolder(folder, folder, spec.path())
        : new PolicyFolder(folder, cache.local(base.path(), base.sha256()), base.path());
  }

  /** With what the application, if there is one, says of file systems: {@code spark.hadoop.*}. */
  static Configuration hadoop() {
    SparkEnv spark = SparkEnv.get();
    return spark == null
        ? new Configuration()
        : SparkHadoopUtil.get().newConfiguration(spark.conf());
  }

  /** Of this executor: containers often see those of the whole machine. */
  private static int cores() {
    int machine = Runtime.getRuntime().availableProcessors();
    SparkEnv spark = SparkEnv.get();
    return spark == null || spark.executorId().equals("driver")
        ? machine
        : spark.conf().getInt("spark.executor.cores", machine);
  }

  private static int threads(EngineSpec spec) {
    if (spec.deterministic()) {
      return 1;
    }
    return spec.threads() > 0 ? spec.threads() : cores();
  }
}
