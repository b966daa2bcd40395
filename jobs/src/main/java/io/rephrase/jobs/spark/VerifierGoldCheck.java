package io.rephrase.jobs.spark;

import io.rephrase.data.Prompt;
import io.rephrase.reward.Verifiers;
import java.util.Map;
import java.util.Optional;

/** Asks the catalogue of verifiers. */
public final class VerifierGoldCheck implements GoldCheck {

  private static final long serialVersionUID = 1L;

  @Override
  public Optional<String> unknown(String verifier) {
    return Verifiers.nameProblem(verifier);
  }

  @Override
  public Optional<String> problem(String verifier, String gold, String question) {
    return Verifiers.goldProblem(
        new Prompt(
            "input",
            "input",
            question,
            gold,
            verifier,
            Optional.empty(),
            Optional.empty(),
            "input",
            Optional.empty(),
            Map.of()));
  }
}
