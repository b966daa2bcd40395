package io.rephrase.jobs.spark;

import io.rephrase.data.FinishReason;
import io.rephrase.data.Prompt;
import io.rephrase.data.Verdict;
import io.rephrase.data.VerdictStatus;
import io.rephrase.generation.Completion;
import io.rephrase.prompt.AssistantTurn;
import io.rephrase.prompt.PromptFormat;
import io.rephrase.prompt.PromptTemplate;
import io.rephrase.prompt.QuestionPrompt;
import io.rephrase.prompt.RawFormat;
import io.rephrase.prompt.RephrasePrompt;
import io.rephrase.reward.Verifiers;
import java.util.Optional;

/** A policy's answers to prompts, with their verdicts: what the stages have in common. */
final class Answers {

  /**
   * An answer, decoded and verified.
   *
   * @param text without the end-of-sequence token
   * @param reward empty where the engine failed or the verdict has none
   * @param extracted the answer found
   * @param rule of the verifier that decided
   * @param status of the verdict
   */
  record Graded(
      String text,
      Optional<Double> reward,
      Optional<String> extracted,
      Optional<String> rule,
      Optional<VerdictStatus> status) {}

  private final LoadedPolicy policy;
  private final QuestionPrompt question;
  private final RephrasePrompt rephrase;
  private final AssistantTurn turn;

  Answers(LoadedPolicy policy, PromptSpec spec) {
    this.policy = policy;
    PromptFormat format = format(policy, spec);
    this.question = new QuestionPrompt(PromptTemplate.of("question", spec.question()), format);
    this.rephrase = new RephrasePrompt(PromptTemplate.of("rephrase", spec.rephrase()), format);
    this.turn = AssistantTurn.of(format, policy.tokenizer(), policy.eosTokenIds());
  }

  private static PromptFormat format(LoadedPolicy policy, PromptSpec spec) {
    return spec.chatTemplate()
        ? ChatFormats.of(policy.folder(), spec.chatTemplateVariables())
        : new RawFormat();
  }

  /** Data set and id: unique over a warehouse. */
  static String key(Prompt prompt) {
    return prompt.dataset() + "/" + prompt.promptId();
  }

  /** The bare prompt q as ids. */
  int[] questionIds(Prompt prompt) {
    return question.encode(prompt.question(), policy.tokenizer());
  }

  /** P(q,k) as ids, whole. */
  int[] rephraseIds(Prompt prompt, String knowledge) {
    return rephrase.encode(prompt.question(), knowledge, policy.tokenizer());
  }

  /** The expert's solution k as the assistant's turn, its end included. */
  int[] knowledgeIds(String knowledge) {
    return turn.encode(knowledge);
  }

  /** The id that ends a turn of ours. */
  int turnEndId() {
    return turn.endId();
  }

  Graded grade(Prompt prompt, Completion completion) {
    String text = completion.text(policy.tokenizer()::decode);
    if (completion.finishReason() == FinishReason.ERROR) {
      return new Graded(
          text, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }
    return grade(prompt, text);
  }

  Graded grade(Prompt prompt, String text) {
    Verdict verdict = Verifiers.forPrompt(prompt).verify(text, prompt.gold());
    return new Graded(
        text,
        verdict.reward(),
        verdict.extracted(),
        Optional.of(verdict.rule()),
        Optional.of(verdict.status()));
  }
}
