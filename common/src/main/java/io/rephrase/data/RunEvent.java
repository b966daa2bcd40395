package io.rephrase.data;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * An event of a run: a row of {@code runs}. The first of a run holds its resolved configuration.
 *
 * @param runId the run
 * @param sequence from 0, without gaps
 * @param status what happened
 * @param at when, by the driver's clock
 * @param command that was running
 * @param configJson resolved configuration; on the first event and on each resume
 * @param configHash SHA-256 of {@code configJson}, hexadecimal
 * @param codeVersion of this software
 * @param stage the event is about
 * @param iteration the event is about
 * @param generation of the stage's rows: 0, and one more with every redo
 * @param chunks how many the stage was planned in
 * @param prompts that a planned round of a stage draws; 0 says that no round follows
 * @param inputs tables read, as {@code table} to {@code version}
 * @param message for people
 */
public record RunEvent(
    String runId,
    long sequence,
    RunStatus status,
    Instant at,
    String command,
    Optional<String> configJson,
    Optional<String> configHash,
    String codeVersion,
    Optional<String> stage,
    Optional<Integer> iteration,
    Optional<Integer> generation,
    Optional<Integer> chunks,
    Optional<Integer> prompts,
    Map<String, String> inputs,
    Optional<String> message) {
  public RunEvent {
    Checks.notBlank("runId", runId);
    Checks.notNegative("sequence", sequence);
    Checks.notBlank("command", command);
    inputs = Map.copyOf(inputs);
    if (stage.isPresent() != (iteration.isPresent() && generation.isPresent())) {
      throw new IllegalArgumentException(
          "stage, iteration and generation go together, got %s, %s, %s"
              .formatted(stage, iteration, generation));
    }
  }
}
