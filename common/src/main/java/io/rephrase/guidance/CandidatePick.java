package io.rephrase.guidance;

import io.rephrase.data.Label;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Which of several accepted rephrasings is used. Ties go to the lowest attempt. */
public enum CandidatePick implements Label {
  /** The first attempt. */
  FIRST("first", Comparator.comparingInt(Candidate::attempt)),
  /** The one with most tokens. */
  LONGEST("longest", Comparator.comparingInt(Candidate::lengthTokens).reversed()),
  /** The one whose tokens are most probable under the bare question, on average. */
  MOST_PROBABLE(
      "most-probable", Comparator.comparingDouble(Candidate::meanLogProbUnderQ).reversed());

  private final String label;
  private final Comparator<Candidate> order;

  CandidatePick(String label, Comparator<Candidate> order) {
    this.label = label;
    this.order = order.thenComparingInt(Candidate::attempt);
  }

  @Override
  public String label() {
    return label;
  }

  Optional<Candidate> of(List<Candidate> usable) {
    return usable.stream().min(order);
  }
}
