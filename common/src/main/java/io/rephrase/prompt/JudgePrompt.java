package io.rephrase.prompt;

import java.util.Map;
import java.util.Set;

/**
 * Asks a judge whether an answer is right. What others wrote stands between marks that hold a word
 * of its own for each text: nobody can write the end of the data into an answer, since the word
 * depends on the answer. Immutable and thread-safe.
 */
public final class JudgePrompt {

  private static final int FENCE_CHARACTERS = 16;

  private final PromptTemplate template;

  /**
   * @param template with the placeholders {@code {question}}, {@code {gold}}, {@code {completion}}
   *     and {@code {fence}}
   * @throws io.rephrase.ConfigurationException if it has another set of placeholders
   */
  public JudgePrompt(PromptTemplate template) {
    this.template = template.requiring(Set.of("question", "gold", "completion", "fence"));
  }

  /** What the judge reads; equal texts give equal prompts. */
  public String render(String question, String gold, String completion) {
    String all = question + "\0" + gold + "\0" + completion;
    String fence = PromptTemplate.of("fence", all).hash().substring(0, FENCE_CHARACTERS);
    return template.fill(
        Map.of("question", question, "gold", gold, "completion", completion, "fence", fence));
  }
}
