package io.rephrase.jobs.spark;

import io.rephrase.config.RephraseConfig;
import io.rephrase.prompt.RephrasingCheck;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * {@link RephrasingCheck.Limits} in a form that travels to executors.
 *
 * @param delta rewards below it are wrong
 * @param copyNgramWords n of the word n-grams compared with k
 * @param copyShare largest share of them that may stand in k
 * @param copyRunWords longest run of words it may have in common with k
 * @param minLengthRatio fewest tokens, as a share of k's
 * @param minNumbersShare smallest share of k's intermediate numbers
 * @param leakPhrases none may stand in the text
 */
public record RephrasingLimits(
    double delta,
    int copyNgramWords,
    double copyShare,
    int copyRunWords,
    double minLengthRatio,
    double minNumbersShare,
    ArrayList<String> leakPhrases)
    implements Serializable {

  /** The limits of a run's configuration. */
  public static RephrasingLimits of(double delta, RephraseConfig.Limits limits) {
    return new RephrasingLimits(
        delta,
        limits.copyNgramWords(),
        limits.copyRatio(),
        limits.copyRunWords(),
        limits.minLengthRatio(),
        limits.minNumbersRatio(),
        new ArrayList<>(limits.leakPhrases()));
  }

  RephrasingCheck.Limits toLimits() {
    return new RephrasingCheck.Limits(
        delta,
        copyNgramWords,
        copyShare,
        copyRunWords,
        minLengthRatio,
        minNumbersShare,
        List.copyOf(leakPhrases));
  }
}
