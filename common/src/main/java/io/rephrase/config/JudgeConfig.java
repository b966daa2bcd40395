package io.rephrase.config;

import io.rephrase.endpoint.EndpointAddress;
import io.rephrase.endpoint.EndpointKey;
import io.rephrase.endpoint.Patience;

/**
 * The model that judges answers of prompts with the verifier {@code llm-judge}.
 *
 * @param url of an OpenAI-compatible server, such as {@code http://host:8000}; empty: there is none
 * @param model as the server calls it
 * @param keyVariable NAME of the environment variable with the key; empty sends none
 * @param prompt template: a built-in name or a file
 * @param maxTokens of its answer
 * @param concurrency requests under way from one process
 * @param timeoutSeconds of one attempt
 * @param deadlineSeconds of a request with all attempts and the pauses between them
 * @param retries of a request
 */
public record JudgeConfig(
    String url,
    String model,
    String keyVariable,
    String prompt,
    int maxTokens,
    int concurrency,
    int timeoutSeconds,
    int deadlineSeconds,
    int retries) {
  public JudgeConfig {
    if (!url.isEmpty()) {
      url = new EndpointAddress(url).url();
      if (model.isBlank()) {
        throw new IllegalArgumentException(
            "model must be the name of the model at url = %s that judges, got none; name it"
                .formatted(url));
      }
    }
    EndpointKey.checkName(keyVariable);
    Rules.notBlank("prompt", prompt);
    Rules.atLeast("maxTokens", maxTokens, 1);
    Rules.atLeast("concurrency", concurrency, 1);
    Rules.atLeast("timeoutSeconds", timeoutSeconds, 1);
    Rules.atLeast("deadlineSeconds", deadlineSeconds, 1);
    Rules.atLeast("retries", retries, 0);
  }

  /** Whether there is a judge. */
  public boolean present() {
    return !url.isEmpty();
  }

  /** How long it is waited for. */
  public Patience patience() {
    return Patience.of(timeoutSeconds, deadlineSeconds, retries);
  }
}
