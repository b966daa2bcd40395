package io.rephrase.config;

import java.util.List;
import java.util.Map;

/**
 * Which questions, and how they are put.
 *
 * @param datasets names in the prompts table that rollouts draw from
 * @param split of those datasets
 * @param difficulties kept; empty keeps all
 * @param questionPrompt template of q: a built-in name or a file
 * @param rephrasePrompt template of P(q,k): a built-in name or a file
 * @param chatTemplate whether prompts go through the checkpoint's chat template
 * @param chatTemplateVariables handed to the chat template
 * @param sources what to ingest, by dataset name
 */
public record DataConfig(
    List<String> datasets,
    String split,
    List<Integer> difficulties,
    String questionPrompt,
    String rephrasePrompt,
    boolean chatTemplate,
    Map<String, String> chatTemplateVariables,
    Map<String, SourceConfig> sources) {
  public DataConfig {
    datasets = List.copyOf(datasets);
    difficulties = List.copyOf(difficulties);
    chatTemplateVariables = Rules.sorted(chatTemplateVariables);
    sources = Rules.sorted(sources);
    Rules.notBlank("split", split);
    Rules.notBlank("questionPrompt", questionPrompt);
    Rules.notBlank("rephrasePrompt", rephrasePrompt);
    if (datasets.isEmpty()) {
      throw new IllegalArgumentException(
          "datasets must name at least one dataset, got []; name one of the prompts table");
    }
  }
}
