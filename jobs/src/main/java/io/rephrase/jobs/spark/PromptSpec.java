package io.rephrase.jobs.spark;

import io.rephrase.config.DataConfig;
import io.rephrase.config.RunConfig;
import io.rephrase.prompt.PromptTemplate;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;

/**
 * The question and rephrase prompts as text, and who judges, so that they can travel to executors.
 *
 * @param question text of the template of q
 * @param rephrase text of the template of P(q,k)
 * @param chatTemplate whether both go through the checkpoint's chat template
 * @param chatTemplateVariables handed to it
 * @param judge of answers that want one
 */
public record PromptSpec(
    String question,
    String rephrase,
    boolean chatTemplate,
    TreeMap<String, String> chatTemplateVariables,
    JudgeSpec judge)
    implements Serializable {

  public PromptSpec {
    chatTemplateVariables = new TreeMap<>(chatTemplateVariables);
  }

  /**
   * Reads the templates that the configuration names.
   *
   * @throws io.rephrase.ConfigurationException if one is neither shipped nor a readable file
   */
  public static PromptSpec of(RunConfig config) {
    DataConfig data = config.data();
    return new PromptSpec(
        template(data.questionPrompt()).text(),
        template(data.rephrasePrompt()).text(),
        data.chatTemplate(),
        new TreeMap<>(data.chatTemplateVariables()),
        JudgeSpec.of(config.judge()));
  }

  /** A file where there is one of that name, else a template that ships. */
  static PromptTemplate template(String name) {
    Path file = Path.of(name);
    return Files.isRegularFile(file) || name.contains("/")
        ? PromptTemplate.read(file)
        : PromptTemplate.shipped(name);
  }

  /** Hash of the policy's two templates and of how they are rendered, for the run's record. */
  public String hash() {
    return PromptTemplate.of(
            "prompts", question + "\0" + rephrase + "\0" + chatTemplate + chatTemplateVariables)
        .hash();
  }
}
