package io.rephrase.generation.server;

import io.rephrase.model.ModelConfig;
import io.rephrase.prompt.Tokenizer;
import java.util.List;

/**
 * What must be known of the policy that a server samples with; the tokenizer stays the caller's.
 *
 * @param tokenizer of its checkpoint
 * @param vocabularySize ids are below it
 * @param contextTokens prompt and completion together
 * @param eosTokenIds any of which ends a completion
 */
public record ServedPolicy(
    Tokenizer tokenizer, int vocabularySize, int contextTokens, List<Integer> eosTokenIds) {

  public ServedPolicy {
    eosTokenIds = List.copyOf(eosTokenIds);
  }

  /**
   * The policy of a checkpoint.
   *
   * @param maxContextTokens 0 takes the checkpoint's
   */
  public static ServedPolicy of(Tokenizer tokenizer, ModelConfig config, int maxContextTokens) {
    int context =
        maxContextTokens == 0
            ? config.contextTokens()
            : Math.min(maxContextTokens, config.contextTokens());
    return new ServedPolicy(tokenizer, config.vocabularySize(), context, config.eosTokenIds());
  }
}
