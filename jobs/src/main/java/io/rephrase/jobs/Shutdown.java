package io.rephrase.jobs;

/** Whether this JVM is ending. */
final class Shutdown {

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
