package io.rephrase.config;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.parser.ConfigDocument;
import com.typesafe.config.parser.ConfigDocumentFactory;
import io.rephrase.ConfigurationException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds keys that stand twice in one file, of which HOCON takes the last in silence. The library
 * keeps no list of them, but setting a key in its document removes every other place of the key:
 * where more changes than the text of one value, the key stood twice.
 */
final class RepeatedKeys {

  /** Stands in no configuration. */
  private static final String MARK = "\u2042";

  private static final ConfigParseOptions OPTIONS =
      ConfigParseOptions.defaults().setSyntax(ConfigSyntax.CONF);

  private RepeatedKeys() {}

  /**
   * Refuses a file in whose {@code section} a key has two values; what it includes is not looked
   * at. Each member of {@code blocks} must be one block: two would be merged into a member that is
   * neither.
   *
   * @param blocks path of an object below the section
   * @throws ConfigurationException naming the key
   */
  static void refuse(Path file, String text, String section, String blocks) {
    ConfigObject own =
        ConfigFactory.parseString(text, OPTIONS)
            .resolve(ConfigResolveOptions.defaults().setAllowUnresolved(true))
            .root();
    List<String> keys = new ArrayList<>();
    collect(section, own.get(section), keys);
    ConfigDocument document = ConfigDocumentFactory.parseString(text, OPTIONS);
    for (String key : keys) {
      if (document.hasPath(key) && !oneValue(text, document.withValueText(key, MARK).render())) {
        throw new ConfigurationException("%s: %s stands twice; keep one".formatted(file, key));
      }
    }
    for (String name : members(own, blocks)) {
      String block = blocks + "." + ConfigUtil.joinPath(name);
      if (!oneValue(text, document.withValueText(block, MARK).render())) {
        throw new ConfigurationException(
            "%s: %s stands in several places, which HOCON would merge; write it as one block, %s { ... }"
                .formatted(file, block, name));
      }
    }
  }

  private static Set<String> members(ConfigObject own, String blocks) {
    return own.toConfig().hasPath(blocks)
            && own.toConfig().getValue(blocks) instanceof ConfigObject object
        ? object.keySet()
        : Set.of();
  }

  private static void collect(String path, @Nullable ConfigValue value, List<String> keys) {
    if (value instanceof ConfigObject object) {
      for (Map.Entry<String, ConfigValue> entry : object.entrySet()) {
        collect(path + "." + ConfigUtil.joinPath(entry.getKey()), entry.getValue(), keys);
      }
    } else if (value != null) {
      keys.add(path);
    }
  }

  /** Whether the two texts differ in one value, which is the mark in the second. */
  private static boolean oneValue(String before, String after) {
    int most = Math.min(before.length(), after.length());
    int head = 0;
    while (head < most && before.charAt(head) == after.charAt(head)) {
      head++;
    }
    int tail = 0;
    while (tail < most - head
        && before.charAt(before.length() - 1 - tail) == after.charAt(after.length() - 1 - tail)) {
      tail++;
    }
    return after.substring(head, after.length() - tail).equals(MARK)
        && isOneValue(before.substring(head, before.length() - tail));
  }

  private static boolean isOneValue(String text) {
    try {
      return ConfigFactory.parseString("value = " + text, OPTIONS).root().size() == 1;
    } catch (ConfigException severalThings) {
      return false;
    }
  }
}
