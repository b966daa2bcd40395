package io.rephrase.config;

/**
 * How training prompts are compared with benchmark problems.
 *
 * @param ngramWords words of an n-gram
 * @param minShare smallest share of a problem's n-grams that is an overlap; 0 takes any
 * @param maxProblems an n-gram in more problems of one benchmark is boilerplate and not compared
 */
public record ContaminationConfig(int ngramWords, double minShare, int maxProblems) {
  public ContaminationConfig {
    Rules.atLeast("ngramWords", ngramWords, 1);
    Rules.fromZeroToOne("minShare", minShare);
    Rules.atLeast("maxProblems", maxProblems, 1);
  }
}
