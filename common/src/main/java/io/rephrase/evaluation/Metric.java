package io.rephrase.evaluation;

import java.util.ArrayList;
import java.util.List;

/**
 * A number that a problem's answers give, whose mean over problems is a benchmark's score.
 *
 * @param kind what is measured
 * @param k how many answers it is about
 */
public record Metric(Kind kind, int k) {

  /** What is measured. */
  public enum Kind {
    /** At least one of k answers is right. */
    PASS("pass"),
    /** The mean reward of all answers. */
    AVERAGE("avg"),
    /** The answer most of k agree on is right. */
    MAJORITY("maj");

    private final String word;

    Kind(String word) {
      this.word = word;
    }
  }

  /**
   * Those of a benchmark with so many answers a problem: k is 1, 2, 4 and so on, and all of them.
   */
  public static List<Metric> of(int samples) {
    List<Metric> metrics = new ArrayList<>();
    metrics.add(new Metric(Kind.PASS, 1));
    for (int k = 2; k < samples; k *= 2) {
      metrics.add(new Metric(Kind.PASS, k));
      metrics.add(new Metric(Kind.MAJORITY, k));
    }
    if (samples > 1) {
      metrics.addAll(ofAll(samples).subList(1, 4));
    }
    return metrics;
  }

  /** As {@link #of}, without the k between one answer and all of them. */
  public static List<Metric> ofAll(int samples) {
    Metric first = new Metric(Kind.PASS, 1);
    return samples == 1
        ? List.of(first)
        : List.of(
            first,
            new Metric(Kind.AVERAGE, samples),
            new Metric(Kind.PASS, samples),
            new Metric(Kind.MAJORITY, samples));
  }

  /** Such as {@code pass@8}. */
  public String label() {
    return kind.word + "@" + k;
  }

  /** Of one problem, in [0, 1]; NaN where fewer than k answers have a reward. */
  public double of(List<GradedAnswer> answers) {
    if (answers.size() < k) {
      return Double.NaN;
    }
    return switch (kind) {
      case PASS ->
          PassAtK.estimate(
              answers.size(), (int) answers.stream().filter(GradedAnswer::right).count(), k);
      case AVERAGE ->
          answers.stream().mapToDouble(GradedAnswer::reward).average().orElse(Double.NaN);
      case MAJORITY -> MajorityVote.atK(answers, k);
    };
  }
}
