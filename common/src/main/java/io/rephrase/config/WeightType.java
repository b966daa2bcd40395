package io.rephrase.config;

/** Number format of written weights; computing is in 32 bits on CPU. */
public enum WeightType {
  FLOAT32,
  BFLOAT16
}
