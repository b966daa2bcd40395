package io.rephrase.prompt;

import java.util.Map;
import java.util.Set;

/**
 * P(q,k): asks the policy to understand the knowledge k and then to solve q in its own words (RePO,
 * arXiv 2602.10819). Immutable and thread-safe.
 */
public final class RephrasePrompt {

  private final PromptTemplate template;
  private final PromptFormat format;

  /**
   * @param template with the placeholders {@code {question}} and {@code {knowledge}}
   * @throws io.rephrase.ConfigurationException if it has another set of placeholders
   */
  public RephrasePrompt(PromptTemplate template, PromptFormat format) {
    this.template = template.requiring(Set.of("question", "knowledge"));
    this.format = format;
  }

  /** What the model reads, special tokens written out. */
  public String render(String question, String knowledge) {
    return format.render(template.fill(Map.of("question", question, "knowledge", knowledge)));
  }

  /** {@link #render} as ids, whole: the caller rejects what exceeds the context. */
  public int[] encode(String question, String knowledge, Tokenizer tokenizer) {
    return tokenizer.encode(render(question, knowledge));
  }

  /** SHA-256 of the template, for the run's record. */
  public String templateHash() {
    return template.hash();
  }
}
