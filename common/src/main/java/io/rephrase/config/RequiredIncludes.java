package io.rephrase.config;

import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseable;
import io.rephrase.ConfigurationException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Refuses an {@code include "NAME.conf"} of a file that is not there, which HOCON passes over in
 * silence.
 *
 * @param file that includes; what it includes may include in turn
 * @param standard does the rest
 */
record RequiredIncludes(Path file, @Nullable ConfigIncluder standard) implements ConfigIncluder {

  static ConfigIncluder of(Path file) {
    return new RequiredIncludes(file, null);
  }

  @Override
  public ConfigIncluder withFallback(ConfigIncluder fallback) {
    return new RequiredIncludes(file, fallback);
  }

  @Override
  public ConfigObject include(ConfigIncludeContext context, String what) {
    ConfigParseable found = context.relativeTo(what);
    String name = found == null ? null : found.origin().filename();
    if (what.endsWith(".conf") && (name == null || !Files.isRegularFile(Path.of(name)))) {
      throw new ConfigurationException(
          "%s: include \"%s\" finds no such file; the path is relative to the file that includes it"
              .formatted(file, what));
    }
    if (standard == null) {
      throw new IllegalStateException("the library gave no includer to fall back on");
    }
    return standard.include(context, what);
  }
}
