package io.rephrase.config;

import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigValue;

/** Says where a value came from, shortly. */
final class Origins {

  static final String COMMAND_LINE = "command line";
  static final String RECORDED = "the run's record";
  static final String REFERENCE = "io/rephrase/config/reference.conf";

  private Origins() {}

  static String of(ConfigValue value) {
    return of(value.origin());
  }

  static String of(ConfigOrigin origin) {
    if (origin.description().contains(REFERENCE)) {
      return "built-in";
    }
    if (origin.filename() != null) {
      return lined(origin.filename(), origin);
    }
    if (origin.resource() != null) {
      return lined(origin.resource(), origin);
    }
    // A word of the command line: its own line number says nothing, and what it is wrapped in less.
    String description = origin.description();
    return description.startsWith(COMMAND_LINE) || description.startsWith("withValue(")
        ? COMMAND_LINE
        : description;
  }

  private static String lined(String name, ConfigOrigin origin) {
    return origin.lineNumber() > 0 ? name + ":" + origin.lineNumber() : name;
  }
}
