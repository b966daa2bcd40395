package io.rephrase.config;

/**
 * The policy a run starts from.
 *
 * @param checkpoint a Hugging Face folder, or {@value #EMBEDDED} for the arena's own policy
 * @param dtype of the written weights; adapters are float32 always
 * @param lora whether adapters alone are trained
 */
public record PolicyConfig(String checkpoint, WeightType dtype, LoraConfig lora) {

  /** Names the policy that ships with this software. */
  public static final String EMBEDDED = "embedded";

  public PolicyConfig {
    Rules.notBlank("checkpoint", checkpoint);
  }

  /** Whether the run starts from the policy that ships with this software. */
  public boolean embedded() {
    return checkpoint.equals(EMBEDDED);
  }
}
