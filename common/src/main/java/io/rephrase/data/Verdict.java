package io.rephrase.data;

import java.util.Optional;

/**
 * What a verifier says of one answer.
 *
 * @param reward in [0, 1]; empty where nothing could be scored ({@code unparseable-gold}, {@code
 *     judge-failed})
 * @param extracted the answer found, as written
 * @param rule name of the rule that decided
 * @param status how the reward came about
 * @param judgeAnswer what a judge said, whole, or why it said nothing; empty where none was asked
 */
public record Verdict(
    Optional<Double> reward,
    Optional<String> extracted,
    String rule,
    VerdictStatus status,
    Optional<String> judgeAnswer) {

  /** Without a judge. */
  public Verdict(
      Optional<Double> reward, Optional<String> extracted, String rule, VerdictStatus status) {
    this(reward, extracted, rule, status, Optional.empty());
  }

  public Verdict {
    Checks.notBlank("rule", rule);
    if (reward.isPresent() && !(reward.get() >= 0 && reward.get() <= 1)) {
      throw new IllegalArgumentException("reward must be in [0, 1], got " + reward.get());
    }
  }

  /**
   * A judge gave no usable answer: no reward, and not 0.
   *
   * @param why what it said, or why it said nothing
   */
  public static Verdict judgeFailed(String rule, String why) {
    return new Verdict(
        Optional.empty(), Optional.empty(), rule, VerdictStatus.JUDGE_FAILED, Optional.of(why));
  }
}
