package io.rephrase.prompt;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A given text as what the assistant would have said: its ids and the id that ends the turn, as the
 * chat template writes it. Immutable and thread-safe, as far as the tokenizer is.
 */
public final class AssistantTurn {

  private final Tokenizer tokenizer;
  private final int endId;

  private AssistantTurn(Tokenizer tokenizer, int endId) {
    this.tokenizer = tokenizer;
    this.endId = endId;
  }

  /**
   * Turns of one checkpoint.
   *
   * @param eosTokenIds any of which ends a completion; the turn ends with the one that the format
   *     writes after an answer, else with the first
   */
  public static AssistantTurn of(
      PromptFormat format, Tokenizer tokenizer, List<Integer> eosTokenIds) {
    Set<Integer> ends = new HashSet<>(eosTokenIds);
    int endId =
        Arrays.stream(tokenizer.encode(format.afterAnswer()))
            .filter(ends::contains)
            .findFirst()
            .orElseGet(() -> eosTokenIds.get(0));
    return new AssistantTurn(tokenizer, endId);
  }

  /** Ends the turn. */
  public int endId() {
    return endId;
  }

  /** {@code text} without white space around it, and the end of the turn. */
  public int[] encode(String text) {
    int[] body = tokenizer.encode(text.strip());
    int[] ids = Arrays.copyOf(body, body.length + 1);
    ids[body.length] = endId;
    return ids;
  }
}
