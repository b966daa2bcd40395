package io.rephrase.jobs.table;

/** What happens to a run that another driver holds. */
public enum TakeOver {
  /** The command is refused. */
  NEVER,
  /** The other driver's ownership ends: a person said so. */
  ORDERED
}
