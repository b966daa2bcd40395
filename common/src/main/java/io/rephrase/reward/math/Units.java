package io.rephrase.reward.math;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Names of units, their sizes where they convert, and spellings that mean the same. */
final class Units {

  /** A unit of some quantity, and how many of the quantity's smallest unit it holds. */
  record Size(String quantity, Rational factor) {}

  private static final Map<String, Size> SIZES = new HashMap<>();
  private static final Map<String, String> SAME = new HashMap<>();
  private static final String SINGLE_LETTERS = "msghLlNJWVAKCFktΩ";

  static {
    size(
        "length",
        Rational.of(1, 1000),
        "mm",
        "millimeter",
        "millimeters",
        "millimetre",
        "millimetres");
    size(
        "length",
        Rational.of(1, 100),
        "cm",
        "centimeter",
        "centimeters",
        "centimetre",
        "centimetres");
    size("length", Rational.of(1, 1_000_000_000), "nm", "nanometer", "nanometers", "nanometre");
    size(
        "length",
        Rational.of(1, 1_000_000),
        "um",
        "micrometer",
        "micrometers",
        "micron",
        "microns");
    size("length", Rational.ONE, "m", "meter", "meters", "metre", "metres");
    size("length", Rational.of(1000), "km", "kilometer", "kilometers", "kilometre", "kilometres");
    size("imperial length", Rational.ONE, "in", "inch", "inches");
    size("imperial length", Rational.of(12), "ft", "foot", "feet");
    size("imperial length", Rational.of(36), "yd", "yard", "yards");
    size("imperial length", Rational.of(63360), "mi", "mile", "miles");
    size("time", Rational.of(1, 1000), "ms", "millisecond", "milliseconds");
    size("time", Rational.ONE, "s", "sec", "secs", "second", "seconds");
    size("time", Rational.of(60), "min", "mins", "minute", "minutes");
    size("time", Rational.of(3600), "h", "hr", "hrs", "hour", "hours");
    size("time", Rational.of(86400), "day", "days");
    size("time", Rational.of(604800), "week", "weeks");
    size("mass", Rational.of(1, 1000), "mg", "milligram", "milligrams");
    size("mass", Rational.ONE, "g", "gram", "grams");
    size("mass", Rational.of(1000), "kg", "kilogram", "kilograms");
    size("volume", Rational.ONE, "mL", "ml", "milliliter", "milliliters");
    size("volume", Rational.of(1000), "L", "l", "liter", "liters", "litre", "litres");
    size("energy", Rational.ONE, "J", "joule", "joules");
    size("energy", Rational.of(1000), "kJ", "kilojoule", "kilojoules");
    size("power", Rational.ONE, "W", "watt", "watts");
    size("power", Rational.of(1000), "kW", "kilowatt", "kilowatts");
    size("power", Rational.of(1_000_000), "MW", "megawatt", "megawatts");
    size("pressure", Rational.ONE, "Pa", "pascal", "pascals");
    size("pressure", Rational.of(1000), "kPa");
    size("frequency", Rational.ONE, "Hz", "hertz");
    size("frequency", Rational.of(1000), "kHz");
    size("frequency", Rational.of(1_000_000), "MHz");
    size("force", Rational.ONE, "N", "newton", "newtons");
    size("force", Rational.of(1000), "kN", "kilonewton", "kilonewtons");
    size("current", Rational.of(1, 1000), "mA", "milliampere", "milliamperes");
    size("current", Rational.ONE, "A", "ampere", "amperes", "amp", "amps");
    size("voltage", Rational.of(1, 1000), "mV", "millivolt", "millivolts");
    size("voltage", Rational.ONE, "V", "volt", "volts");
    size("voltage", Rational.of(1000), "kV", "kilovolt", "kilovolts");
    size("resistance", Rational.ONE, "Ω", "Omega", "ohm", "ohms");
    size("resistance", Rational.of(1000), "kΩ", "kilohm", "kilohms");
    size("money", Rational.ONE, "cent", "cents");
    size("money", Rational.of(100), "dollar", "dollars", "usd");
    size("euros", Rational.ONE, "euro", "euros");
    size("pounds sterling", Rational.ONE, "sterling");
    size("yen", Rational.ONE, "yen");
    size("rupees", Rational.ONE, "rupee", "rupees");
    same("mph", "kmh", "kph", "oz", "lb", "lbs", "eV", "keV", "MeV", "atm", "mol", "rad");
    same("radians", "ha", "kcal", "cal", "dm", "cc", "sq", "GHz", "MB", "GB", "rpm", "ppm");
    same("yr", "yrs", "erg", "ergs", "dyn", "dyne", "dynes");
    size("charge", Rational.ONE, "C", "coulomb", "coulombs");
    size("temperature", Rational.ONE, "K", "kelvin", "kelvins");
    SAME.put("mph", "mi/h");
    SAME.put("kmh", "km/h");
    SAME.put("kph", "km/h");
  }

  private Units() {}

  private static void size(String quantity, Rational factor, String... names) {
    for (String name : names) {
      SIZES.put(name, new Size(quantity, factor));
      SAME.put(name, names[0]);
    }
  }

  private static void same(String... names) {
    for (String name : names) {
      SAME.put(name, name);
    }
  }

  /** Whether a word of two or more letters names a unit. */
  static boolean isUnit(String word) {
    return word.length() > 1
        && (SAME.containsKey(word) || SAME.containsKey(word.toLowerCase(Locale.ROOT)));
  }

  static boolean isUnitLetter(String letter) {
    return letter.length() == 1 && SINGLE_LETTERS.contains(letter);
  }

  /** One spelling for every way to write the same unit. */
  static String canonical(String unit) {
    StringBuilder out = new StringBuilder();
    String spaced =
        unit.replace("squared", "^2").replace("square", "").replace("{", "").replace("}", "");
    boolean square = unit.contains("square ");
    for (String word : spaced.split("(?<=[^A-Za-z])|(?=[^A-Za-z])", 0)) {
      String lower = word.toLowerCase(Locale.ROOT);
      if (!word.isBlank()) {
        out.append(
            SAME.getOrDefault(word, SAME.getOrDefault(lower, lower.equals("per") ? "/" : lower)));
      }
    }
    return square ? out + "^2" : out.toString();
  }

  static Optional<Size> size(String unit) {
    return Optional.ofNullable(SIZES.get(canonical(unit)));
  }
}
