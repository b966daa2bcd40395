package io.rephrase.config;

import java.util.List;

/**
 * How the policy restates given solutions.
 *
 * @param when for every prompt, or only for groups the gate found hard
 * @param policy who rephrases
 * @param attempts a prompt
 * @param pick which accepted attempt is used
 * @param temperature positive
 * @param topP in (0, 1]
 * @param maxTokens of an attempt, end included
 * @param scoreKnowledge whether k is scored under q where the algorithm does not need it
 */
public record RephraseConfig(
    When when,
    By policy,
    int attempts,
    Pick pick,
    double temperature,
    double topP,
    int maxTokens,
    boolean scoreKnowledge,
    Limits limits) {
  public RephraseConfig {
    Rules.atLeast("attempts", attempts, 1);
    if (!(temperature > 0) || Double.isInfinite(temperature)) {
      throw new IllegalArgumentException(
          "temperature must be > 0, got " + temperature + "; use 1.0 to sample");
    }
    Rules.aboveZeroUpToOne("topP", topP);
    Rules.atLeast("maxTokens", maxTokens, 1);
  }

  /** For which prompts. */
  public enum When {
    EAGER,
    HARD_ONLY
  }

  /** The iteration's policy, or the run's first. */
  public enum By {
    CURRENT,
    INITIAL
  }

  /** Which accepted attempt is used. */
  public enum Pick {
    FIRST,
    LONGEST,
    MOST_PROBABLE
  }

  /**
   * When a verified rephrasing is rejected all the same.
   *
   * @param copyNgramWords length n of the word n-grams that are compared with k
   * @param copyRatio the largest share of n-grams that may stand in k
   * @param copyRunWords the longest common run of words
   * @param minLengthRatio the fewest tokens, as a share of k's
   * @param minNumbersRatio the smallest share of k's intermediate numbers
   * @param leakPhrases none of these may stand in the answer
   */
  public record Limits(
      int copyNgramWords,
      double copyRatio,
      int copyRunWords,
      double minLengthRatio,
      double minNumbersRatio,
      List<String> leakPhrases) {
    public Limits {
      leakPhrases = List.copyOf(leakPhrases);
      Rules.atLeast("copyNgramWords", copyNgramWords, 1);
      Rules.fromZeroToOne("copyRatio", copyRatio);
      Rules.atLeast("copyRunWords", copyRunWords, 1);
      Rules.atLeast("minLengthRatio", minLengthRatio, 0);
      Rules.fromZeroToOne("minNumbersRatio", minNumbersRatio);
    }
  }
}
