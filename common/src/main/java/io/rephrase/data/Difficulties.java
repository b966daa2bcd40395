package io.rephrase.data;

/** How difficulties are written, in settings as on pages. */
public final class Difficulties {

  private Difficulties() {}

  /** A level for people: {@code 3}, {@code 2.5}; whole numbers have no fraction. */
  public static String name(double level) {
    return level == Math.rint(level) ? Long.toString((long) level) : Double.toString(level);
  }
}
