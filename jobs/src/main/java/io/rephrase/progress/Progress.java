package io.rephrase.progress;

import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Shows stages of work: on a terminal a bar with rate and time to go, else a line a stage and one
 * every 30 s. Results never go here. Thread-safe; one stage at a time is shown.
 */
public final class Progress {

  /** The launcher sets this property where standard error is a terminal. */
  public static final String TERMINAL_PROPERTY = "rephrase.terminal";

  private static final Duration BAR_REFRESH = Duration.ofMillis(200);
  private static final Duration LINE_REFRESH = Duration.ofSeconds(30);

  private final PrintStream out;
  private final boolean terminal;
  private final AtomicInteger stagesBegun = new AtomicInteger();

  private Progress(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /** On standard error. */
  public static Progress onStandardError() {
    return new Progress(System.err, Boolean.getBoolean(TERMINAL_PROPERTY));
  }

  /** As bars on {@code out}. */
  static Progress asBars(PrintStream out) {
    return new Progress(out, true);
  }

  /** As lines on {@code out}. */
  public static Progress asLines(PrintStream out) {
    return new Progress(out, false);
  }

  /** Shows nothing. */
  public static Progress silent() {
    return new Progress(new PrintStream(PrintStream.nullOutputStream()), false);
  }

  /** A line of its own. */
  public void say(String line) {
    out.println(terminal ? "\r\u001b[K" + line : line);
  }

  /**
   * Begins a stage; closing it ends it with a line of how long it took.
   *
   * @param name such as {@code iteration 3/20 rollout}
   * @param total units to be done; 0 where nobody knows
   * @param unit such as {@code prompts}
   */
  public ProgressStage stage(String name, long total, String unit) {
    stagesBegun.incrementAndGet();
    return new ProgressStage(this, name, total, unit);
  }

  /** How many stages were begun so far. */
  public int stagesBegun() {
    return stagesBegun.get();
  }

  Duration refresh() {
    return terminal ? BAR_REFRESH : LINE_REFRESH;
  }

  void show(String line) {
    if (terminal) {
      out.print("\r\u001b[K" + line);
      out.flush();
    } else {
      out.println(line);
    }
  }

  void bar(ProgressBar bar) {
    show(terminal ? bar.asBar() : bar.asLine());
  }
}
