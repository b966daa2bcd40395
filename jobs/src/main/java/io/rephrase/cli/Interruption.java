package io.rephrase.cli;

import io.rephrase.jobs.Shutdown;
import java.io.PrintWriter;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Says, when Ctrl-C or a kill stops the command, that the same command goes on where this one was
 * stopped. Closing it means the command ended by itself.
 */
final class Interruption implements AutoCloseable {

  private static final AtomicBoolean UNDER = new AtomicBoolean();

  private final Thread hook;

  private Interruption(Thread hook) {
    this.hook = hook;
  }

  static Interruption announcedOn(PrintWriter err) {
    Thread hook =
        new Thread(
            () -> {
              UNDER.set(true);
              err.println();
              err.println(Shutdown.STOPPED);
              err.flush();
            },
            "interruption");
    Runtime.getRuntime().addShutdownHook(hook);
    return new Interruption(hook);
  }

  /** Whether this JVM is being stopped: what fails now fails because of it. */
  static boolean under() {
    return UNDER.get();
  }

  @Override
  public void close() {
    if (!under()) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException stopping) {
        UNDER.set(true);
      }
    }
  }
}
