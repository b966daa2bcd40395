package io.rephrase.jobs;

import java.io.IOException;

/**
 * The main class of one run of an experiment: {@code iterate}, bound to the life of the process
 * that started it. Its standard input is held open by that process; where it ends, by a kill too,
 * this one is halted at once, which a run bears at any moment, so that a new start of the
 * experiment finds every run free.
 */
public final class ExperimentProcess {

  /** As a process that was killed. */
  private static final int HALTED = 137;

  private static final long GRACE_MILLIS = 500;

  private ExperimentProcess() {}

  /** Takes the words of {@code iterate}. */
  public static void main(String[] words) {
    Thread watch = new Thread(ExperimentProcess::haltWithStarter, "experiment");
    watch.setDaemon(true);
    watch.start();
    try {
      JobMain.start(Jobs.ITERATE, words);
    } catch (Exception | Error failure) { // Spark throws checked exceptions undeclared.
      System.err.println("rephrase: iterate failed: " + failure);
      failure.printStackTrace();
      System.exit(1);
    }
    System.exit(0); // Whatever threads a library left.
  }

  private static void haltWithStarter() {
    try {
      while (System.in.read() >= 0) {
        // The starter says nothing.
      }
      Thread.sleep(GRACE_MILLIS); // Told to stop, this process is told by a signal too.
    } catch (IOException | InterruptedException gone) {
      Runtime.getRuntime().halt(HALTED);
    }
    if (!Shutdown.begun()) {
      Runtime.getRuntime().halt(HALTED);
    }
  }
}
