package io.rephrase.loss;

/** Where the tokens of a completion come from. */
public enum RowSource {
  /** Sampled from the policy under the bare question. */
  ON_POLICY,
  /** An o_rep: sampled from the policy under P(q,k). */
  REPHRASED,
  /** The expert's own solution. */
  TEACHER
}
