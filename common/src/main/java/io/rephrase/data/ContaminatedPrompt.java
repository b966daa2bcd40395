package io.rephrase.data;

/**
 * A training prompt and a benchmark problem that it shares n-grams with: a row of {@code
 * contamination}.
 *
 * @param dataset of the prompt; with {@code promptId} its key
 * @param promptId unique within the data set
 * @param benchmark name in the configuration
 * @param benchmarkDataset of the problem; with {@code problemId} its key
 * @param problemId unique within the data set
 * @param ngramWords n
 * @param sharedNgrams distinct n-grams of the problem that stand in the prompt's question or
 *     solution
 * @param problemShare the same as a share of the problem's n-grams, in (0, 1]
 * @param example the first of them
 * @param normalizer version of what made words of the texts
 */
public record ContaminatedPrompt(
    String dataset,
    String promptId,
    String benchmark,
    String benchmarkDataset,
    String problemId,
    int ngramWords,
    int sharedNgrams,
    double problemShare,
    String example,
    String normalizer) {
  public ContaminatedPrompt {
    Checks.notBlank("dataset", dataset);
    Checks.notBlank("promptId", promptId);
    Checks.notBlank("benchmark", benchmark);
    Checks.notBlank("benchmarkDataset", benchmarkDataset);
    Checks.notBlank("problemId", problemId);
  }
}
