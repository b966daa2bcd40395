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
 */
public record Verdict(
    Optional<Double> reward, Optional<String> extracted, String rule, VerdictStatus status) {
  public Verdict {
    Checks.notBlank("rule", rule);
    if (reward.isPresent() && !(reward.get() >= 0 && reward.get() <= 1)) {
      throw new IllegalArgumentException("reward must be in [0, 1], got " + reward.get());
    }
  }
}
