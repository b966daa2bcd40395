package io.rephrase.prompt;

import java.util.Map;
import java.util.Set;

/** The bare prompt q: a question in its template. Immutable and thread-safe. */
public final class QuestionPrompt {

  private final PromptTemplate template;
  private final PromptFormat format;

  /**
   * @param template with the placeholder {@code {question}}
   * @throws io.rephrase.ConfigurationException if it has another set of placeholders
   */
  public QuestionPrompt(PromptTemplate template, PromptFormat format) {
    this.template = template.requiring(Set.of("question"));
    this.format = format;
  }

  /** What the model reads, special tokens written out. */
  public String render(String question) {
    return format.render(template.fill(Map.of("question", question)));
  }

  /** {@link #render} as ids. */
  public int[] encode(String question, Tokenizer tokenizer) {
    return tokenizer.encode(render(question));
  }

  /** SHA-256 of the template, for the run's record. */
  public String templateHash() {
    return template.hash();
  }
}
