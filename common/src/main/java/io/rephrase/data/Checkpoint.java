package io.rephrase.data;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A policy version that exists: a row of {@code checkpoints}. Only this row makes a saved folder
 * real.
 *
 * @param runId the run
 * @param policyVersion 0 is the first
 * @param path of the Hugging Face folder
 * @param parent policy version it was trained from
 * @param optimizerPath of the optimizer's state, if any; the newest policies' alone are kept
 * @param createdAt when the row was made
 * @param sha256 of each file, hexadecimal, by file name
 */
public record Checkpoint(
    String runId,
    int policyVersion,
    String path,
    Optional<Integer> parent,
    Optional<String> optimizerPath,
    Instant createdAt,
    Map<String, String> sha256) {
  public Checkpoint {
    Checks.notBlank("runId", runId);
    Checks.notNegative("policyVersion", policyVersion);
    Checks.notBlank("path", path);
    sha256 = Map.copyOf(sha256);
  }

  /** The same with both paths rewritten. */
  public Checkpoint withPaths(UnaryOperator<String> rewrite) {
    return new Checkpoint(
        runId,
        policyVersion,
        rewrite.apply(path),
        parent,
        optimizerPath.map(rewrite),
        createdAt,
        sha256);
  }
}
