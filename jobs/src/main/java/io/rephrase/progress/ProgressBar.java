package io.rephrase.progress;

import java.util.Locale;

/**
 * A moment of a stage in words.
 *
 * @param total 0 where nobody knows
 * @param note empty for none
 */
record ProgressBar(String name, long done, long total, String unit, double seconds, String note) {

  private static final int WIDTH = 24;

  /** {@code rollout [#####-----] 16/32 prompts 4.0/s 0:04 to go}. */
  String asBar() {
    if (total == 0) {
      return "%s  %s%s".formatted(name, clock(seconds), suffix());
    }
    int filled = (int) (WIDTH * Math.min(done, total) / total);
    String bar = "#".repeat(filled) + "-".repeat(WIDTH - filled);
    return "%s [%s] %d/%d %s%s".formatted(name, bar, done, total, unit, rateAndRest());
  }

  /** The same for a log: no bar. */
  String asLine() {
    return total == 0
        ? "%s: %s so far%s".formatted(name, clock(seconds), suffix())
        : "%s: %d/%d %s%s".formatted(name, done, total, unit, rateAndRest());
  }

  /** The stage's last line. */
  String asEnd() {
    String counted = done > 0 ? " %d %s in".formatted(done, unit) : "";
    return String.format(Locale.ROOT, "%s:%s %.1f s%s", name, counted, seconds, suffix());
  }

  private String rateAndRest() {
    if (done == 0) {
      return suffix();
    }
    double rate = done / Math.max(seconds, 1e-9);
    return String.format(
        Locale.ROOT, "  %.1f/s  %s to go%s", rate, clock((total - done) / rate), suffix());
  }

  private String suffix() {
    return note.isEmpty() ? "" : "  " + note;
  }

  private static String clock(double seconds) {
    long whole = Math.max(0, Math.round(seconds));
    return whole < 3600
        ? "%d:%02d".formatted(whole / 60, whole % 60)
        : "%d:%02d:%02d".formatted(whole / 3600, whole / 60 % 60, whole % 60);
  }
}
