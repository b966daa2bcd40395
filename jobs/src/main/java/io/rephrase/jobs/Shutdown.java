package io.rephrase.jobs;

/** Whether this JVM is ending, and what a user is told then. */
public final class Shutdown {

  /** Where a run can go on. */
  public static final String STOPPED = "rephrase: stopped; run the same command again to resume";

  private Shutdown() {}

  /** Whether a signal or an exit has begun to end it. */
  static boolean begun() {
    Thread hook = new Thread();
    try {
      Runtime.getRuntime().addShutdownHook(hook);
      Runtime.getRuntime().removeShutdownHook(hook);
      return false;
    } catch (IllegalStateException begun) {
      return true;
    }
  }
}
