package io.rephrase.model;

import java.util.List;

/**
 * What a weight of a transformer block is for. The first nine stand in every family, in the order
 * the kernels expect; a family appends its own.
 */
public enum LayerWeight {
  INPUT_NORM("input_layernorm.weight"),
  QUERY("self_attn.q_proj.weight"),
  KEY("self_attn.k_proj.weight"),
  VALUE("self_attn.v_proj.weight"),
  OUTPUT("self_attn.o_proj.weight"),
  FEED_FORWARD_NORM("post_attention_layernorm.weight"),
  GATE("mlp.gate_proj.weight"),
  UP("mlp.up_proj.weight"),
  DOWN("mlp.down_proj.weight"),
  QUERY_BIAS("self_attn.q_proj.bias"),
  KEY_BIAS("self_attn.k_proj.bias"),
  VALUE_BIAS("self_attn.v_proj.bias"),
  QUERY_NORM("self_attn.q_norm.weight"),
  KEY_NORM("self_attn.k_norm.weight");

  /** The nine of every family. */
  public static final List<LayerWeight> COMMON =
      List.of(INPUT_NORM, QUERY, KEY, VALUE, OUTPUT, FEED_FORWARD_NORM, GATE, UP, DOWN);

  private final String suffix;

  LayerWeight(String suffix) {
    this.suffix = suffix;
  }

  /** Its tensor's name in a checkpoint. */
  public String tensorName(int layer) {
    return "model.layers." + layer + "." + suffix;
  }

  /** The name of the module that has it. */
  String moduleName(int layer) {
    String name = tensorName(layer);
    return name.substring(0, name.lastIndexOf('.'));
  }

  /** Its shape; matrices are [out, in]. */
  public List<Long> shape(ModelConfig config) {
    long hidden = config.hiddenSize();
    long forward = config.feedForwardSize();
    long queries = (long) config.heads() * config.headSize();
    long keys = (long) config.keyValueHeads() * config.headSize();
    return switch (this) {
      case INPUT_NORM, FEED_FORWARD_NORM -> List.of(hidden);
      case QUERY -> List.of(queries, hidden);
      case KEY, VALUE -> List.of(keys, hidden);
      case OUTPUT -> List.of(hidden, queries);
      case GATE, UP -> List.of(forward, hidden);
      case DOWN -> List.of(hidden, forward);
      case QUERY_BIAS -> List.of(queries);
      case KEY_BIAS, VALUE_BIAS -> List.of(keys);
      case QUERY_NORM, KEY_NORM -> List.of((long) config.headSize());
    };
  }
}
