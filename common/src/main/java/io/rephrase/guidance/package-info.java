/**
 * The gate, substitution and advantages: which group is hard, what replaces which rollout, and what
 * each member of the final group is worth. Plain Java over rewards; no tensor, no table. A new way
 * to guide is a {@link io.rephrase.guidance.GuidancePolicy}, a new baseline an {@link
 * io.rephrase.guidance.AdvantageEstimator}.
 */
@org.jspecify.annotations.NullMarked
package io.rephrase.guidance;
