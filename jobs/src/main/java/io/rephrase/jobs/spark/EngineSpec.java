package io.rephrase.jobs.spark;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * What an executor needs to know to have an engine. Serializable; equal specs share one engine.
 *
 * @param runId the run
 * @param policyVersion taken by number, never "the latest"
 * @param path of the checkpoint's Hugging Face folder, any Hadoop path
 * @param sha256 of its files, by name; what was downloaded is checked against it
 * @param base of an adapter; {@link Base#NONE} of a whole model
 * @param slots completions decoded side by side
 * @param threads of one native operation; 0 takes the task's cores
 * @param deterministic one thread and a fixed order of admission
 * @param device {@code auto}, {@code cpu}, {@code gpu0}, {@code gpu1}...
 * @param maxContextTokens prompt and completion together; 0 takes the checkpoint's
 * @param stallSeconds without a sign of life after which a waiting task gives the engine up
 * @param sampler who samples
 */
public record EngineSpec(
    String runId,
    int policyVersion,
    String path,
    TreeMap<String, String> sha256,
    Base base,
    int slots,
    int threads,
    boolean deterministic,
    String device,
    int maxContextTokens,
    int stallSeconds,
    Sampler sampler)
    implements Serializable {

  /**
   * The whole model that an adapter changes.
   *
   * @param path of its folder, any Hadoop path; empty where there is no adapter
   * @param sha256 of its files, by name
   */
  public record Base(String path, TreeMap<String, String> sha256) implements Serializable {

    /** Of a policy that is whole itself. */
    public static final Base NONE = new Base("", new TreeMap<>());

    public Base {
      sha256 = new TreeMap<>(sha256);
    }
  }

  private static final List<String> TOKENIZER_FILES =
      List.of("tokenizer.json", "tokenizer_config.json", "chat_template.jinja");

  public EngineSpec {
    if (slots < 1) {
      throw new IllegalArgumentException("slots must be at least 1, got " + slots);
    }
    sha256 = new TreeMap<>(sha256);
  }

  /** The same engine settings with another policy. */
  EngineSpec withPolicy(int version, String folder, Map<String, String> hashes, Base otherBase) {
    return new EngineSpec(
        runId,
        version,
        folder,
        new TreeMap<>(hashes),
        otherBase,
        slots,
        threads,
        deterministic,
        device,
        maxContextTokens,
        stallSeconds,
        sampler);
  }

  /** Whether the other's engine would be this one's with other weights: tokenizer and all. */
  boolean differsInWeightsOnly(EngineSpec other) {
    return other.withPolicy(policyVersion, path, sha256, base).withRun(runId).equals(this)
        && TOKENIZER_FILES.stream()
            .allMatch(file -> Objects.equals(sha256.get(file), other.sha256.get(file)));
  }

  private EngineSpec withRun(String run) {
    return new EngineSpec(
        run,
        policyVersion,
        path,
        sha256,
        base,
        slots,
        threads,
        deterministic,
        device,
        maxContextTokens,
        stallSeconds,
        sampler);
  }
}
