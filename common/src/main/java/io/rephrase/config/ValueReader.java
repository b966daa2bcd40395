package io.rephrase.config;

import com.typesafe.config.ConfigValue;
import io.rephrase.ConfigurationException;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;

/** Reads one value as the type its component has, or says what it should have been. */
final class ValueReader {

  private ValueReader() {}

  static Object read(String key, ConfigValue value, Class<?> type) {
    Object raw = value.unwrapped();
    if (type == String.class) {
      return text(key, value);
    }
    if (type == boolean.class || type == Boolean.class) {
      return truth(key, value);
    }
    if (type == int.class || type == Integer.class) {
      return (int) whole(key, value, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }
    if (type == long.class || type == Long.class) {
      return whole(key, value, Long.MIN_VALUE, Long.MAX_VALUE);
    }
    if (type == double.class || type == Double.class) {
      return number(key, value).doubleValue();
    }
    if (type.isEnum()) {
      return constant(key, value, type);
    }
    throw new IllegalStateException(
        "%s: a component of type %s cannot be read from %s".formatted(key, type, raw));
  }

  static ConfigurationException wrong(String key, ConfigValue value, String rule) {
    return new ConfigurationException(
        "%s: %s must be %s, got %s"
            .formatted(Origins.of(value), key, rule, Json.of(value.unwrapped())));
  }

  private static String text(String key, ConfigValue value) {
    Object raw = value.unwrapped();
    if (raw instanceof String || raw instanceof Number || raw instanceof Boolean) {
      // As written: 2026.10 is another name than 2026.1.
      return value.atKey("text").getString("text");
    }
    throw wrong(key, value, "a text");
  }

  private static boolean truth(String key, ConfigValue value) {
    String text = String.valueOf(value.unwrapped());
    if (text.equals("true") || text.equals("on") || text.equals("yes")) {
      return true;
    }
    if (text.equals("false") || text.equals("off") || text.equals("no")) {
      return false;
    }
    throw wrong(key, value, "true or false");
  }

  private static long whole(String key, ConfigValue value, long minimum, long maximum) {
    try {
      long number = number(key, value).longValueExact();
      if (number >= minimum && number <= maximum) {
        return number;
      }
    } catch (ArithmeticException fractionOrTooLarge) {
      throw wrong(key, value, "a whole number");
    }
    throw wrong(key, value, "a whole number from %d to %d".formatted(minimum, maximum));
  }

  private static BigDecimal number(String key, ConfigValue value) {
    Object raw = value.unwrapped();
    if (raw instanceof Number || raw instanceof String) {
      try {
        return new BigDecimal(raw.toString());
      } catch (NumberFormatException notANumber) {
        throw wrong(key, value, "a number");
      }
    }
    throw wrong(key, value, "a number");
  }

  private static Object constant(String key, ConfigValue value, Class<?> type) {
    String text = String.valueOf(value.unwrapped());
    List<Enum<?>> constants =
        Arrays.stream(type.getEnumConstants())
            .<Enum<?>>map(constant -> (Enum<?>) constant)
            .toList();
    for (Enum<?> constant : constants) {
      if (Names.of(constant).equals(text) || constant.name().equals(text)) {
        return constant;
      }
    }
    List<String> names = constants.stream().map(Names::of).toList();
    throw wrong(key, value, "one of " + String.join(", ", names));
  }
}
