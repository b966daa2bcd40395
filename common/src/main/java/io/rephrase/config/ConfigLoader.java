package io.rephrase.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import io.rephrase.ConfigurationException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * Lays values over each other: built-in, then presets and files in the order given, then words.
 * Immutable.
 *
 * <p>{@code new ConfigLoader().file(path).words(List.of("rollout.groupSize=4")).load()}
 */
public final class ConfigLoader {

  private static final String REFERENCE = Origins.REFERENCE;

  private final Config layers;

  /** With the built-in values alone. */
  public ConfigLoader() {
    this(parseResource(REFERENCE));
  }

  private ConfigLoader(Config layers) {
    this.layers = layers;
  }

  /**
   * A HOCON file over what is there.
   *
   * @throws ConfigurationException when it cannot be read or is no HOCON
   */
  public ConfigLoader file(Path file) {
    return over(parseFile(file));
  }

  /**
   * Of a HOCON file these sections alone, for what does not ask for the others: those may lack what
   * words gave when the run was begun.
   */
  public ConfigLoader sections(Path file, String... names) {
    Config whole = parsed(() -> resolvedByItself(parseFile(file)));
    Config kept = ConfigFactory.empty();
    for (String name : names) {
      if (whole.root().containsKey(name)) {
        kept = kept.withValue(name, whole.root().get(name));
      }
    }
    return over(kept);
  }

  /** With those substitutions resolved that the file answers itself. */
  static Config resolvedByItself(Config file) {
    return file.resolve(ConfigResolveOptions.defaults().setAllowUnresolved(true));
  }

  static Config parseFile(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new ConfigurationException(
          "--config %s: there is no such file; give the path of a configuration".formatted(file));
    }
    if (!Files.isReadable(file)) {
      throw new ConfigurationException(
          "--config %s: the file may not be read; change its permissions".formatted(file));
    }
    ConfigParseOptions options =
        ConfigParseOptions.defaults()
            .setAllowMissing(false)
            .setSyntax(ConfigSyntax.CONF)
            .prependIncluder(RequiredIncludes.of(file));
    // Without a folder the library would look for what is included on the class path.
    Path placed = file.getParent() == null ? Path.of(".").resolve(file) : file;
    return parsed(() -> ConfigFactory.parseFile(placed.toFile(), options));
  }

  /** A configuration that ships with this software over what is there: {@code arena}, … */
  public ConfigLoader preset(String name) {
    return over(parseResource("conf/" + name + ".conf"));
  }

  /**
   * {@code key=value} words over what is there, the last of a key wins.
   *
   * @throws ConfigurationException when a word has another form
   */
  public ConfigLoader words(List<String> words) {
    ConfigLoader loader = this;
    for (String word : words) {
      loader = loader.over(word(word));
    }
    return loader;
  }

  /** A value decided by the program over what is there, said to come from {@code origin}. */
  public ConfigLoader value(String key, Object value, String origin) {
    return over(ConfigFactory.empty().withValue(key, ConfigValueFactory.fromAnyRef(value, origin)));
  }

  /**
   * The configuration in force.
   *
   * @throws ConfigurationException for unknown keys, wrong types and values out of range
   */
  public ResolvedConfig load() {
    return bound(parsed(layers::resolve));
  }

  /** The same of a file that has a section more, which its values may refer to. */
  ResolvedConfig loadWithout(String section) {
    return bound(parsed(layers::resolve).withoutPath(section));
  }

  private static ResolvedConfig bound(Config resolved) {
    RecordBinder binder = new RecordBinder();
    RunConfig config = binder.bind(resolved.root(), RunConfig.class);
    return new ResolvedConfig(config, binder.settings());
  }

  ConfigLoader over(Config config) {
    return new ConfigLoader(config.withFallback(layers));
  }

  private static Config parseResource(String resource) {
    return parsed(
        () ->
            ConfigFactory.parseResources(
                ConfigLoader.class.getClassLoader(),
                resource,
                ConfigParseOptions.defaults().setAllowMissing(false)));
  }

  private static Config word(String word) {
    int equals = word.indexOf('=');
    if (equals < 1) {
      throw new ConfigurationException(
          "command line: \"%s\" must be key=value, such as rollout.groupSize=4".formatted(word));
    }
    String key = word.substring(0, equals).strip();
    String value = word.substring(equals + 1).strip();
    return parsed(() -> ConfigFactory.empty().withValue(key, wordValue(value)));
  }

  /** HOCON where it opens a list, an object or a quote; else the text as it stands. */
  private static ConfigValue wordValue(String value) {
    boolean hocon = !value.isEmpty() && "[{\"".indexOf(value.charAt(0)) >= 0;
    if (hocon || value.equals("null")) {
      ConfigParseOptions options =
          ConfigParseOptions.defaults().setOriginDescription(Origins.COMMAND_LINE);
      return Objects.requireNonNull(
          ConfigFactory.parseString("value = " + value, options).root().get("value"));
    }
    return ConfigValueFactory.fromAnyRef(value, Origins.COMMAND_LINE);
  }

  private interface Parse {
    Config run();
  }

  private static Config parsed(Parse parse) {
    try {
      return parse.run();
    } catch (ConfigException broken) {
      throw new ConfigurationException(String.valueOf(broken.getMessage()), broken);
    }
  }
}
