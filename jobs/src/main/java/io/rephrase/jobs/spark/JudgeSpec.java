package io.rephrase.jobs.spark;

import io.rephrase.config.JudgeConfig;
import io.rephrase.endpoint.EndpointAddress;
import io.rephrase.endpoint.EndpointClient;
import io.rephrase.endpoint.EndpointKey;
import io.rephrase.endpoint.Patience;
import io.rephrase.prompt.JudgePrompt;
import io.rephrase.prompt.PromptTemplate;
import io.rephrase.reward.judge.EndpointJudge;
import java.io.Serializable;

/**
 * Which judge, so that executors can ask it. The key is not part of it: whoever asks takes it from
 * its own environment.
 *
 * @param url of the server; empty: there is none
 * @param model as the server calls it
 * @param keyVariable name of the variable with the key, or {@link EndpointKey#NONE}
 * @param template text of what it is asked
 * @param maxTokens of its answer
 * @param concurrency requests under way from one process
 * @param patience with it
 */
public record JudgeSpec(
    String url,
    String model,
    String keyVariable,
    String template,
    int maxTokens,
    int concurrency,
    Patience patience)
    implements Serializable {

  /**
   * Reads the template that the configuration names.
   *
   * @throws io.rephrase.ConfigurationException if it cannot be read, or is none of a judge's
   */
  public static JudgeSpec of(JudgeConfig config) {
    PromptTemplate template = PromptSpec.template(config.prompt());
    new JudgePrompt(template);
    return new JudgeSpec(
        config.url(),
        config.model(),
        config.keyVariable(),
        template.text(),
        config.maxTokens(),
        config.concurrency(),
        config.patience());
  }

  /** Whether there is a judge. */
  public boolean present() {
    return !url.isEmpty();
  }

  /**
   * Reaches the judge, with the key of this process's environment; the caller closes it.
   *
   * @throws io.rephrase.ConfigurationException if the variable is not set
   */
  public EndpointJudge open() {
    return new EndpointJudge(
        new EndpointClient(
            new EndpointAddress(url), EndpointKey.ofEnvironment(keyVariable), patience),
        new EndpointJudge.Settings(
            model, new JudgePrompt(PromptTemplate.of("judge", template)), maxTokens, concurrency));
  }
}
