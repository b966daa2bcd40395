package io.rephrase.jobs.spark;

import io.rephrase.data.FinishReason;
import io.rephrase.data.Prompt;
import io.rephrase.data.VerdictStatus;
import io.rephrase.generation.Completion;
import io.rephrase.prompt.AssistantTurn;
import io.rephrase.prompt.PromptFormat;
import io.rephrase.prompt.PromptTemplate;
import io.rephrase.prompt.QuestionPrompt;
import io.rephrase.prompt.RawFormat;
import io.rephrase.prompt.RephrasePrompt;
import io.rephrase.reward.Judge;
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
   * @param judgeAnswer what a judge said
   */
  record Graded(
      String text,
      Optional<Double> reward,
      Optional<String> extracted,
      Optional<String> rule,
      Optional<VerdictStatus> status,
      Optional<String> judgeAnswer) {

    /** Without a verdict. */
    static Graded unverified(String text) {
      return new Graded(
          text,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());
    }
  }

  private final LoadedPolicy policy;
  private final QuestionPrompt question;
  private final RephrasePrompt rephrase;
  private final AssistantTurn turn;
  private final Judge judge;

  Answers(LoadedPolicy policy, PromptSpec spec) {
    this.policy = policy;
    PromptFormat format = format(policy, spec);
    this.question = new QuestionPrompt(PromptTemplate.of("question", spec.question()), format);
    this.rephrase = new RephrasePrompt(PromptTemplate.of("rephrase", spec.rephrase()), format);
    this.turn = AssistantTurn.of(format, policy.tokenizer(), policy.eosTokenIds());
    this.judge = ExecutorJudges.of(spec.judge());
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

  /** Has a completion verified; a judge is asked and not waited for. */
  Grading grade(Prompt prompt, Completion completion) {
    String text = completion.text(policy.tokenizer()::decode);
    return completion.finishReason() == FinishReason.ERROR
        ? new Grading(text, Optional.empty())
        : grade(prompt, text);
  }

  /** The same for a text. */
  Grading grade(Prompt prompt, String text) {
    return new Grading(
        text, Optional.of(Verifiers.forPrompt(prompt, judge).verifyAsync(text, prompt.gold())));
  }
}
