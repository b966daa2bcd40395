package io.rephrase.data;

import java.time.Instant;

/**
 * What one stage of a run took: a row of {@code stage_times}.
 *
 * @param runId the run
 * @param iteration of the stage; of an evaluation the policy version
 * @param stage its name
 * @param startedAt by the driver's clock
 * @param seconds of wall time
 * @param modelSeconds of wall time in which the model computed, summed over engines
 * @param cpuSeconds of the driver's process
 * @param modelCpuSeconds of the processes in which the model computed, while it did
 * @param engines that computed side by side
 * @param sparkJobs that the stage started
 */
public record StageTime(
    String runId,
    int iteration,
    String stage,
    Instant startedAt,
    double seconds,
    double modelSeconds,
    double cpuSeconds,
    double modelCpuSeconds,
    int engines,
    int sparkJobs) {
  public StageTime {
    Checks.notBlank("runId", runId);
    Checks.notBlank("stage", stage);
    if (engines < 1 || sparkJobs < 0) {
      throw new IllegalArgumentException(
          "engines must be at least 1 and sparkJobs at least 0, got %d and %d"
              .formatted(engines, sparkJobs));
    }
  }

  /** Wall time that was not the model's: what running it costs. */
  public double otherSeconds() {
    return seconds - modelSeconds / engines;
  }
}
