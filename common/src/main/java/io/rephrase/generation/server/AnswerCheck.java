package io.rephrase.generation.server;

import io.rephrase.data.FinishReason;
import io.rephrase.generation.Completion;
import io.rephrase.generation.GenerationRequest;
import java.util.Optional;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Believes an answer only where its numbers agree with each other and with the checkpoint: counts
 * of ids and log-probs, ids in the vocabulary, the text they spell, the end. Thread-safe.
 */
final class AnswerCheck {

  private static final Logger log = LoggerFactory.getLogger(AnswerCheck.class);

  /** Rounding may lift the log-prob of a certain token above 0. */
  private static final double LARGEST_LOG_PROB = 1e-3;

  private final ServedPolicy policy;
  private volatile boolean warned;

  AnswerCheck(ServedPolicy policy) {
    this.policy = policy;
  }

  /**
   * The completion that {@code answer} is.
   *
   * @throws UnusableAnswerException naming what does not agree
   */
  Completion completion(Asked asked, ServerAnswer answer, long latencyMs)
      throws UnusableAnswerException {
    if (answer.tokens().isEmpty()) {
      return text(asked, answer, latencyMs);
    }
    GenerationRequest request = asked.request();
    ServerAnswer.TokenList tokens = answer.tokens().get();
    checkCounts(asked, answer, tokens);
    checkIds(tokens.ids());
    checkLogProbs(tokens.logProbs());
    checkText(tokens.ids(), answer.text());
    return new Completion(
        request.key(),
        tokens.ids(),
        floats(tokens.logProbs()),
        finish(asked, answer, tokens.ids()),
        latencyMs,
        Optional.empty());
  }

  private void checkCounts(Asked asked, ServerAnswer answer, ServerAnswer.TokenList tokens)
      throws UnusableAnswerException {
    int ids = tokens.ids().length;
    if (ids != tokens.logProbs().length) {
      throw new UnusableAnswerException(
          "the answer has %d token ids and %d log-probs: they must be equally many"
              .formatted(ids, tokens.logProbs().length));
    }
    checkCount("completion", answer.completionTokens(), ids);
    checkCount("prompt", answer.promptTokens(), asked.request().promptIds().length);
    if (ids == 0 || ids > asked.maxTokens()) {
      throw new UnusableAnswerException(
          "the answer has %d token ids, and 1 to %d were asked for"
              .formatted(ids, asked.maxTokens()));
    }
  }

  private static void checkCount(String what, OptionalInt said, int counted)
      throws UnusableAnswerException {
    if (said.isPresent() && said.getAsInt() != counted) {
      throw new UnusableAnswerException(
          "the server counts %d %s tokens, and there are %d"
              .formatted(said.getAsInt(), what, counted));
    }
  }

  private void checkIds(int[] ids) throws UnusableAnswerException {
    for (int i = 0; i < ids.length; i++) {
      if (ids[i] < 0 || ids[i] >= policy.vocabularySize()) {
        throw new UnusableAnswerException(
            "token id %d at position %d is outside the vocabulary of %d: the server has another model than the checkpoint"
                .formatted(ids[i], i, policy.vocabularySize()));
      }
    }
  }

  private static void checkLogProbs(double[] logProbs) throws UnusableAnswerException {
    for (int i = 0; i < logProbs.length; i++) {
      if (!(logProbs[i] <= LARGEST_LOG_PROB) || Double.isInfinite(logProbs[i])) {
        throw new UnusableAnswerException(
            "log-prob %s at position %d is none: it must be a number of at most 0"
                .formatted(logProbs[i], i));
      }
    }
  }

  /** Apart from white space and broken characters, which decoders treat each in their own way. */
  private void checkText(int[] ids, String said) throws UnusableAnswerException {
    String spelled = policy.tokenizer().decode(ids);
    if (!essence(spelled).equals(essence(said))) {
      throw new UnusableAnswerException(
          "the ids spell \"%s\" with the checkpoint's tokenizer, and the server says \"%s\": its tokenizer is another"
              .formatted(brief(spelled), brief(said)));
    }
  }

  private static String essence(String text) {
    return text.replaceAll("[\\s\\u00a0\\ufffd]", "");
  }

  private static String brief(String text) {
    return text.length() > 80 ? text.substring(0, 80) + "…" : text;
  }

  private FinishReason finish(Asked asked, ServerAnswer answer, int[] ids)
      throws UnusableAnswerException {
    if (answer.ending() == ServerAnswer.Ending.LENGTH) {
      return asked.maxTokens() < asked.sampling().maxTokens()
          ? FinishReason.CONTEXT
          : FinishReason.LENGTH;
    }
    int last = ids[ids.length - 1];
    if (!policy.eosTokenIds().contains(last)) {
      throw new UnusableAnswerException(
          "the server ended it at token id %d, which is none of the checkpoint's end-of-sequence ids %s"
              .formatted(last, policy.eosTokenIds()));
    }
    return FinishReason.EOS;
  }

  private Completion text(Asked asked, ServerAnswer answer, long latencyMs)
      throws UnusableAnswerException {
    int counted = answer.completionTokens().orElse(0);
    boolean none = answer.completionTokens().isPresent() && counted == 0;
    if (counted < 0 || counted > asked.maxTokens() || (none && !answer.text().isEmpty())) {
      throw new UnusableAnswerException(
          "the server counts %d completion tokens for a text of %d characters, and at most %d were asked for"
              .formatted(counted, answer.text().length(), asked.maxTokens()));
    }
    warnOfOtherPrompts(asked, answer);
    FinishReason reason =
        answer.ending() == ServerAnswer.Ending.STOP
            ? FinishReason.EOS
            : asked.maxTokens() < asked.sampling().maxTokens()
                ? FinishReason.CONTEXT
                : FinishReason.LENGTH;
    return Completion.ofText(
        asked.request().key(), new Completion.TextAlone(answer.text(), counted), reason, latencyMs);
  }

  /** Another tokenizer, or a token the server puts before every prompt: the answers may suffer. */
  private void warnOfOtherPrompts(Asked asked, ServerAnswer answer) {
    int sent = asked.request().promptIds().length;
    if (!warned && answer.promptTokens().orElse(sent) != sent) {
      warned = true;
      log.warn(
          "the server read a prompt as {} tokens, and the checkpoint's tokenizer makes it {}: it has"
              + " another tokenizer, or puts a token before it",
          answer.promptTokens().getAsInt(),
          sent);
    }
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) Math.min(0, values[i]);
    }
    return floats;
  }
}
