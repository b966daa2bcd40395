package io.rephrase.jobs;

import io.rephrase.config.RunConfig;
import io.rephrase.generation.TorchEngine;
import io.rephrase.memory.MemoryShare;
import io.rephrase.memory.MemoryShare.Part;
import io.rephrase.model.LoraMemory;
import io.rephrase.model.ModelConfig;
import io.rephrase.model.ModelMemory;
import io.rephrase.model.ModelOptions;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.deploy.SparkHadoopUtil;

/**
 * What a run takes outside the Java heaps, and of the driver's, from its configuration and the
 * checkpoint's sizes alone, before anything is loaded. Immutable.
 */
public final class MemoryPlan {

  private final RunConfig config;
  private final ModelConfig model;
  private final ModelMemory memory;
  private final boolean reference;

  private MemoryPlan(RunConfig config, ModelConfig model, boolean reference) {
    this.config = config;
    this.model = model;
    this.memory = new ModelMemory(model, ModelOptions.defaults());
    this.reference = reference;
  }

  /** The plan of a run with a model of these sizes. */
  public static MemoryPlan of(RunConfig config, ModelConfig model) {
    RunMethod.lora(config).ifPresent(lora -> lora.check(model));
    boolean penalty = RunMethod.of(config).trainer().objective().kl().coefficient() > 0;
    return new MemoryPlan(config, model, penalty);
  }

  /**
   * The plan of a run whose first policy is yet to be published.
   *
   * @throws io.rephrase.CheckpointException if {@code policy.checkpoint} is no folder of a model
   *     that we compute
   * @throws io.rephrase.ConfigurationException if a LoRA target is no module of it
   */
  public static MemoryPlan ofFirstPolicy(RunConfig config) {
    Configuration hadoop =
        SparkHadoopUtil.get().newConfiguration(WarehouseSession.sparkConf("iterate", config));
    return of(config, FirstPolicy.checked(config.policy(), hadoop).config());
  }

  /** The trainer, on the driver. */
  public MemoryShare trainer() {
    List<Part> parts = new ArrayList<>(trained());
    parts.addAll(training());
    return new MemoryShare("trainer", parts);
  }

  /** An engine whose slots are full to the context. */
  public MemoryShare engine() {
    return engine(contextTokens());
  }

  /** An engine whose prompts take no room: less than any run needs. */
  MemoryShare leastEngine() {
    return engine(longestCompletion());
  }

  private MemoryShare engine(int tokens) {
    List<Part> parts = new ArrayList<>(engineWeights());
    parts.addAll(generating(tokens));
    return new MemoryShare("engine", parts);
  }

  /** Trainer and engine in one process, as in local mode, at the time when they take most. */
  public MemoryShare together() {
    return together(contextTokens());
  }

  /** The same where prompts take no room: less than any run needs. */
  MemoryShare leastTogether() {
    return together(longestCompletion());
  }

  /** What the trainer takes of the driver's heap. */
  MemoryShare heap() {
    return HeapPlan.of(config, contextTokens());
  }

  /** The trainer keeps its state while the engine generates, the engine its weights meanwhile. */
  private MemoryShare together(int tokens) {
    List<Part> generating = generating(tokens);
    List<Part> training = training();
    List<Part> parts = new ArrayList<>(trained());
    parts.addAll(engineWeights());
    parts.addAll(sum(generating) > sum(training) ? generating : training);
    return new MemoryShare("trainer and engine", parts);
  }

  private List<Part> trained() {
    List<Part> parts = new ArrayList<>();
    parts.addAll(
        RunMethod.lora(config)
            .map(lora -> adapted(new LoraMemory(memory, lora, Float.BYTES)))
            .orElseGet(this::whole));
    parts.add(new Part("rotary tables", memory.tables()));
    if (reference) {
      parts.add(new Part("reference policy", memory.weights() + memory.tables()));
    }
    return parts;
  }

  private List<Part> whole() {
    return List.of(
        new Part("weights", memory.weights()),
        new Part("gradients and AdamW", memory.gradientsAndMoments()));
  }

  /** At most: a GPU holds the matrices of a bfloat16 checkpoint in half of it. */
  private static List<Part> adapted(LoraMemory lora) {
    return List.of(
        new Part("frozen weights", lora.weights()),
        new Part("adapters, their gradients and AdamW", lora.adapters()));
  }

  private List<Part> training() {
    long row = Math.max(config.train().microBatchTokens(), longestCompletion());
    return List.of(
        new Part("activations", memory.activations(row)), new Part("logits", memory.logits()));
  }

  private List<Part> engineWeights() {
    return List.of(
        new Part("engine weights", memory.weights()),
        new Part("engine rotary tables", memory.tables()));
  }

  /** Where a server samples, this process only scores. */
  private List<Part> generating(int tokens) {
    if (!config.engine().endpoint().here()) {
      return List.of(
          new Part("a scoring pass", memory.pass()), new Part("logits", memory.logits()));
    }
    int slots = config.engine().slots();
    return List.of(
        new Part("weights for decoding", TorchEngine.weightCopyBytes(model)),
        new Part(
            "cache of %d slots x %d tokens".formatted(slots, tokens),
            TorchEngine.cacheBytes(model, slots, tokens)),
        new Part("a scoring pass", memory.pass()),
        new Part("logits", memory.logits()));
  }

  private int contextTokens() {
    int wanted = config.engine().maxContextTokens();
    return wanted == 0 ? model.contextTokens() : Math.min(wanted, model.contextTokens());
  }

  private int longestCompletion() {
    int longest =
        Math.max(
            Math.max(config.rollout().maxTokens(), config.rephrase().maxTokens()),
            config.evaluate().maxTokens());
    return Math.min(longest, contextTokens());
  }

  /** For people, a line a share. */
  public List<String> lines() {
    long least = leastEngine().bytes();
    MemoryShare most = engine();
    MemoryShare trainer = trainer();
    String bounds =
        least == most.bytes()
            ? MemoryShare.text(least)
            : "%s with short prompts, at most %s with every slot full; engine.maxContextTokens lowers that"
                .formatted(MemoryShare.text(least), MemoryShare.text(most.bytes()));
    MemoryShare heap = heap();
    return List.of(
        line(trainer, MemoryShare.text(trainer.bytes())),
        line(most, bounds),
        "memory of the driver's heap: at most %s (%s)"
            .formatted(MemoryShare.text(heap.bytes()), heap.words()));
  }

  private static String line(MemoryShare share, String bounds) {
    return "memory outside the heap: %s %s (%s)".formatted(share.name(), bounds, share.words());
  }

  private static long sum(List<Part> parts) {
    return parts.stream().mapToLong(Part::bytes).sum();
  }
}
