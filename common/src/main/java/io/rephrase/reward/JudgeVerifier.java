package io.rephrase.reward;

import io.rephrase.data.Verdict;
import java.util.concurrent.CompletableFuture;

/**
 * Lets a judge, as a rule a language model, compare an answer to one question with its reference:
 * for answers that no rule compares. It needs the question, which other verifiers do not see.
 */
public final class JudgeVerifier implements Verifier {

  static final String NAME = "llm-judge";

  private final String question;
  private final Judge judge;

  public JudgeVerifier(String question, Judge judge) {
    this.question = question;
    this.judge = judge;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public Verdict verify(String completion, String gold) {
    return verifyAsync(completion, gold).join();
  }

  @Override
  public CompletableFuture<Verdict> verifyAsync(String completion, String gold) {
    return gold.isBlank()
        ? CompletableFuture.completedFuture(Verdicts.unparseableGold())
        : judge.ask(question, gold, completion);
  }
}
