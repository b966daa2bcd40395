package io.rephrase.reward;

import io.rephrase.data.Verdict;
import io.rephrase.reward.math.AnswerExtractor.Extracted;
import java.util.Locale;
import java.util.Optional;

/** A letter out of 2 to 10; the letter must have been chosen, not merely mentioned. */
public final class ChoiceVerifier implements Verifier {

  private final ChoiceOptions options;

  public ChoiceVerifier(ChoiceOptions options) {
    this.options = options;
  }

  @Override
  public String name() {
    return "choice";
  }

  @Override
  public int version() {
    return 2;
  }

  @Override
  public Verdict verify(String completion, String gold) {
    Optional<String> reference = letter(gold);
    if (reference.isEmpty()) {
      return Verdicts.unparseableGold();
    }
    Optional<Extracted> answer = new ChoiceExtractor(options).find(completion);
    return answer
        .map(
            chosen ->
                Verdicts.of(chosen.text().equals(reference.get()), chosen.text(), chosen.rule()))
        .orElseGet(Verdicts::noAnswer);
  }

  private Optional<String> letter(String gold) {
    String letter = gold.strip().replaceAll("[().\\s]", "").toUpperCase(Locale.ROOT);
    return letter.length() == 1 && options.letters().contains(letter)
        ? Optional.of(letter)
        : Optional.empty();
  }
}
