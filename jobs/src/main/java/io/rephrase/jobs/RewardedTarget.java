package io.rephrase.jobs;

import java.util.Optional;

/**
 * What a decision needs of a row of {@code verdicts}. Its components are the columns that are read.
 *
 * @param dataset with {@code promptId} the prompt's key
 * @param promptId the prompt
 * @param round of the group, for a rollout; 0 otherwise
 * @param target which answer
 * @param verifier that graded
 * @param version of the verifier
 * @param reward empty where there is none
 */
public record RewardedTarget(
    String dataset,
    String promptId,
    int round,
    String target,
    String verifier,
    String version,
    Optional<Double> reward) {}
