package io.rephrase.model;

import io.rephrase.CheckpointException;
import java.util.List;

/**
 * What consumers may know of a checkpoint's config.json and generation_config.json. Families keep
 * their own details to themselves.
 *
 * @param modelType as in config.json
 * @param layers number of transformer blocks
 * @param hiddenSize E
 * @param heads H
 * @param keyValueHeads K
 * @param headSize D, which need not be E / H
 * @param feedForwardSize F
 * @param vocabularySize V
 * @param contextTokens largest prompt plus completion
 * @param eosTokenIds any of which ends a completion; from generation_config.json, else config.json
 * @param parameters number of weights, tied ones counted once
 */
public record ModelConfig(
    String modelType,
    int layers,
    int hiddenSize,
    int heads,
    int keyValueHeads,
    int headSize,
    int feedForwardSize,
    int vocabularySize,
    int contextTokens,
    List<Integer> eosTokenIds,
    long parameters) {
  public ModelConfig {
    eosTokenIds = List.copyOf(eosTokenIds);
  }

  /**
   * Refuses a checkpoint whose completions would have no end.
   *
   * @param checkpoint as the message names it
   */
  public void requireEnd(String checkpoint) {
    if (eosTokenIds.isEmpty()) {
      throw new CheckpointException(
          checkpoint
              + " names no eos_token_id in config.json or generation_config.json; add the id that ends an answer there");
    }
  }
}
