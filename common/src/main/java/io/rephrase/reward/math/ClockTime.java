package io.rephrase.reward.math;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A time of day, {@code 2:30}, {@code 2:30 p.m.}, {@code 14:30}: what would be a ratio otherwise.
 *
 * @param half {@code a} or {@code p}, as in a.m. and p.m.; empty without
 * @param certain whether it can be no ratio: it says its half or its seconds, or has {@code :05}
 */
record ClockTime(int hour, int minute, int second, Optional<Character> half, boolean certain) {

  private static final int MAX_LENGTH = 60;
  private static final Pattern DRESS =
      Pattern.compile("\\\\(?:text|mathrm|textbf|mbox)\\b|\\\\[,;:! ]|[{}$~]");
  private static final Pattern TIME =
      Pattern.compile("\\s*(\\d{1,2}):(\\d{2})(?::(\\d{2}))?\\s*(?:([ap])\\.?\\s?m\\.?)?\\s*");

  /** The time that the text says, and nothing else; hours to 23, minutes and seconds to 59. */
  static Optional<ClockTime> read(String text) {
    if (text.length() > MAX_LENGTH || text.indexOf(':') < 0) {
      return Optional.empty();
    }
    String plain = DRESS.matcher(text).replaceAll("").toLowerCase(Locale.ROOT);
    Matcher matcher = TIME.matcher(plain);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    int second = matcher.group(3) == null ? 0 : Integer.parseInt(matcher.group(3));
    ClockTime time =
        new ClockTime(
            Integer.parseInt(matcher.group(1)),
            Integer.parseInt(matcher.group(2)),
            second,
            Optional.ofNullable(matcher.group(4)).map(letter -> letter.charAt(0)),
            matcher.group(4) != null
                || matcher.group(3) != null
                || matcher.group(2).startsWith("0"));
    boolean possible = time.hour < 24 && time.minute < 60 && second < 60;
    return possible ? Optional.of(time) : Optional.empty();
  }

  /**
   * Whether both are the same time; of either half where one says its half and the other does not.
   */
  boolean same(ClockTime other) {
    boolean halves = half.isPresent() || other.half.isPresent();
    int day = halves && !(isKnown() && other.isKnown()) ? 12 : 24;
    return hourOfDay() % day == other.hourOfDay() % day
        && minute == other.minute
        && second == other.second;
  }

  private boolean isKnown() {
    return half.isPresent() || hour > 12 || hour == 0;
  }

  private int hourOfDay() {
    return half.isEmpty() ? hour : hour % 12 + (half.get() == 'p' ? 12 : 0);
  }
}
