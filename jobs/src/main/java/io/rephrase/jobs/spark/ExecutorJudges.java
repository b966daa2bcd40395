package io.rephrase.jobs.spark;

import io.rephrase.reward.Judge;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The judges of this process, one for equal specs, so that its tasks together keep to the number of
 * requests under way. They stay: without requests they hold no thread of their own. Thread-safe.
 */
final class ExecutorJudges {

  private static final Map<JudgeSpec, Judge> JUDGES = new ConcurrentHashMap<>();

  private ExecutorJudges() {}

  /** Who judges; nobody where the spec names none. */
  static Judge of(JudgeSpec spec) {
    return spec.present() ? JUDGES.computeIfAbsent(spec, JudgeSpec::open) : Judge.NOBODY;
  }
}
