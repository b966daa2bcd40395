package io.rephrase.generation.server;

import io.rephrase.data.Label;

/** All kinds of servers, by name. A new one is a class and a line here. */
public enum Dialects implements Label {
  VLLM("vllm", new VllmDialect()),
  SGLANG("sglang", new SglangDialect()),
  LLAMA_CPP("llama-cpp", new LlamaCppDialect()),
  OPENAI("openai", new OpenAiDialect());

  private final String label;
  private final Dialect dialect;

  Dialects(String label, Dialect dialect) {
    this.label = label;
    this.dialect = dialect;
  }

  @Override
  public String label() {
    return label;
  }

  Dialect dialect() {
    return dialect;
  }

  /** Whether answers have token ids and log-probs; without them there is nothing to train on. */
  public boolean givesTokens() {
    return dialect.tokens() != Dialect.Tokens.NONE;
  }

  /** Whether log-probs are those of the sampling temperature, as the server comes. */
  public boolean scalesLogProbs() {
    return dialect.tokens() == Dialect.Tokens.SCALED_LOG_PROBS;
  }

  /** Whether the server has a call that makes it take up other weights. */
  public boolean takesUpWeights() {
    return !dialect.weightUpdate("", 0).isEmpty();
  }
}
