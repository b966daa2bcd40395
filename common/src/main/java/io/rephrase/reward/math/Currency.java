package io.rephrase.reward.math;

import java.util.Optional;
import java.util.regex.Pattern;

/** What an amount of money is in, by sign or word; a cleaned answer has lost its signs. */
enum Currency {
  DOLLAR("dollars", "\\\\\\$|^\\s*\\$\\d[^$]*$|\\bdollars?\\b|\\bUSD\\b|\\\\textdollar"),
  CENT("cents", "¢|\\bcents?\\b"),
  EURO("euros", "€|\\beuros?\\b|\\bEUR\\b|\\\\euro\\b"),
  POUND("sterling", "£|\\bGBP\\b|\\\\pounds\\b|\\\\textsterling"),
  YEN("yen", "[¥￥]|\\byen\\b"),
  RUPEE("rupees", "₹|\\brupees?\\b");

  private static final int MAX_LENGTH = 200;
  private final String unit;
  private final Pattern pattern;

  Currency(String unit, String pattern) {
    this.unit = unit;
    this.pattern = Pattern.compile(pattern);
  }

  /** The one currency that the text names; empty without, and with several. */
  static Optional<Currency> in(String text) {
    if (text.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    Currency found = null;
    for (Currency currency : values()) {
      if (currency.pattern.matcher(text).find()) {
        if (found != null) {
          return Optional.empty();
        }
        found = currency;
      }
    }
    return Optional.ofNullable(found);
  }

  /** The amount with its currency as a unit after it. */
  String afterAmount(String text) {
    String singular = unit.substring(0, unit.length() - 1);
    return text.contains(singular) ? text : text + " " + unit;
  }
}
