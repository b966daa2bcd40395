package io.rephrase.data;

import java.util.Map;
import java.util.Optional;

/**
 * A question with a checkable answer and, where an expert wrote one, a solution.
 *
 * @param dataset name of the data set; with {@code promptId} the key
 * @param promptId unique within the data set
 * @param question the task as the model sees it, before any template
 * @param gold reference answer, never blank
 * @param verifier name of the verifier that compares an answer with {@code gold}
 * @param knowledge the expert's worked solution, k in the paper
 * @param knowledgeSource who wrote it
 * @param split {@code train}, {@code tuning} or {@code test}
 * @param difficulty level in the data set's own unit
 * @param metadata anything else, flat
 */
public record Prompt(
    String dataset,
    String promptId,
    String question,
    String gold,
    String verifier,
    Optional<String> knowledge,
    Optional<String> knowledgeSource,
    String split,
    Optional<Double> difficulty,
    Map<String, String> metadata) {
  public Prompt {
    Checks.notBlank("dataset", dataset);
    Checks.notBlank("promptId", promptId);
    Checks.notBlank("question", question);
    Checks.notBlank("gold", gold);
    Checks.notBlank("verifier", verifier);
    Checks.notBlank("split", split);
    metadata = Map.copyOf(metadata);
  }
}
