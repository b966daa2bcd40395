package io.rephrase.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import io.rephrase.ConfigurationException;
import io.rephrase.config.ExperimentConfig.PlannedRun;
import io.rephrase.config.ExperimentConfig.Primary;
import io.rephrase.config.ExperimentConfig.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads an experiment and makes the configuration of each of its runs. Stateless. */
public final class ExperimentLoader {

  private static final String SECTION = "experiment";
  private static final String METHODS = "methods";
  private static final String REFERENCE = "io/rephrase/config/experiment.conf";

  /** What the grid itself sets. */
  private static final Set<String> DECIDED = Set.of("run.name", "run.seed", "run.warehouse");

  private static final Pattern METHOD = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

  private ExperimentLoader() {}

  /**
   * The experiment of a file.
   *
   * @param words {@code key=value} that win over what the runs have in common, not over a method's
   *     own set
   * @throws ConfigurationException when a key stands twice in the section or is unknown, a method
   *     in two blocks, two methods are the same, or a value is wrong
   */
  public static ExperimentConfig load(Path file, List<String> words) {
    Config parsed = ConfigLoader.parseFile(file);
    try {
      RepeatedKeys.refuse(file, Files.readString(file), SECTION, SECTION + "." + METHODS);
      return new Loading(file, parsed, ConfigLoader.resolvedByItself(parsed), words).load();
    } catch (ConfigException broken) {
      throw new ConfigurationException(String.valueOf(broken.getMessage()), broken);
    } catch (IOException unreadable) {
      throw new UncheckedIOException("reading " + file, unreadable);
    }
  }

  /**
   * @param written with its substitutions, which words and methods have their say in
   * @param whole without those that the file answers itself
   */
  private record Loading(Path file, Config written, Config whole, List<String> words) {

    ExperimentConfig load() {
      if (!whole.hasPath(SECTION)) {
        throw new ConfigurationException(
            "%s: the section experiment is missing; give it name, methods, seeds and primary, as conf/experiments/arena.conf does"
                .formatted(file));
      }
      Map<String, Config> methods = methods(whole.getConfig(SECTION));
      Settings given = settings(whole.getConfig(SECTION).withoutPath(METHODS));
      refuseDecidedHere(whole.withoutPath(SECTION));
      Settings settings = checked(given, methods.keySet());
      List<PlannedRun> runs = new ArrayList<>();
      for (long seed : settings.seeds()) {
        for (String method : ordered(methods.keySet(), settings.primary())) {
          runs.add(run(settings, method, seed, methods));
        }
      }
      refuseEqual(runs, settings.seeds().get(0));
      return new ExperimentConfig(settings, runs);
    }

    private Settings settings(Config section) {
      Config defaults = ConfigFactory.parseResources(getClass().getClassLoader(), REFERENCE);
      try {
        return new RecordBinder().bind(section.withFallback(defaults).root(), Settings.class);
      } catch (ConfigurationException refused) {
        throw new ConfigurationException("section experiment: " + refused.getMessage(), refused);
      }
    }

    private Map<String, Config> methods(Config section) {
      if (!section.hasPath(METHODS)
          || !(section.getValue(METHODS) instanceof ConfigObject object)
          || object.size() < 2) {
        throw new ConfigurationException(
            "%s: experiment.methods must hold at least two methods, such as methods { repo { algorithm.preset = repo }, grpo { algorithm.preset = grpo } }"
                .formatted(file));
      }
      List<Map.Entry<String, ConfigValue>> entries = new ArrayList<>(object.entrySet());
      entries.sort(
          Comparator.comparingInt(
                  (Map.Entry<String, ConfigValue> entry) -> entry.getValue().origin().lineNumber())
              .thenComparing(Map.Entry::getKey));
      Map<String, Config> methods = new LinkedHashMap<>();
      for (Map.Entry<String, ConfigValue> entry : entries) {
        methods.put(entry.getKey(), method(entry.getKey(), entry.getValue()));
      }
      return methods;
    }

    private Config method(String name, ConfigValue value) {
      if (!METHOD.matcher(name).matches()) {
        throw new ConfigurationException(
            "%s: a method's name must be letters, digits, '.', '_' or '-', got \"%s\""
                .formatted(Origins.of(value), name));
      }
      if (!(value instanceof ConfigObject set)) {
        throw ValueReader.wrong(
            SECTION + "." + METHODS + "." + name,
            value,
            "a set such as { algorithm.preset = repo }");
      }
      refuseDecided(name, set.toConfig());
      return set.toConfig();
    }

    private static void refuseDecided(String method, Config set) {
      for (String key : DECIDED) {
        if (set.hasPath(key)) {
          throw decided(Origins.of(set.getValue(key)), "method " + method, key);
        }
      }
    }

    /** What is included may be a run of its own too, with a name and a seed. */
    private void refuseDecidedHere(Config shared) {
      for (String key : List.of("run.name", "run.seed")) {
        if (words.stream().anyMatch(word -> word.startsWith(key + "="))) {
          throw decided(Origins.COMMAND_LINE, "a word", key);
        }
        if (shared.hasPath(key) && standsHere(shared.getValue(key))) {
          throw decided(Origins.of(shared.getValue(key)), "the part that all runs share", key);
        }
      }
    }

    private boolean standsHere(ConfigValue value) {
      String name = value.origin().filename();
      return name != null && Path.of(name).toAbsolutePath().equals(file.toAbsolutePath());
    }

    private static ConfigurationException decided(String place, String where, String key) {
      return new ConfigurationException(
          "%s: %s sets %s, which the experiment sets for each run; take it out"
              .formatted(place, where, key));
    }

    private Settings checked(Settings settings, Collection<String> methods) {
      Primary primary = settings.primary();
      for (String name : List.of(primary.method(), primary.against())) {
        if (!methods.contains(name)) {
          throw new ConfigurationException(
              "%s: experiment.primary names method \"%s\"%s"
                  .formatted(file, name, Names.suggestion(name, List.copyOf(methods))));
        }
      }
      ResolvedConfig common = new ConfigLoader().over(written).words(words).loadWithout(SECTION);
      List<String> benchmarks = List.copyOf(common.config().evaluate().benchmarks().keySet());
      if (primary.benchmark().isEmpty() && benchmarks.size() == 1) {
        Primary named =
            new Primary(
                primary.method(), primary.against(), benchmarks.get(0), primary.difficulties());
        return new Settings(
            settings.name(), settings.seeds(), settings.parallel(), settings.budgetTokens(), named);
      }
      if (!benchmarks.contains(primary.benchmark())) {
        throw new ConfigurationException(
            "%s: experiment.primary.benchmark must be one of evaluate.benchmarks %s, got \"%s\""
                .formatted(file, benchmarks, primary.benchmark()));
      }
      return settings;
    }

    private PlannedRun run(
        Settings settings, String method, long seed, Map<String, Config> methods) {
      String id = "%s-%s-%d".formatted(settings.name(), method, seed);
      ConfigLoader loader =
          new ConfigLoader()
              .over(written)
              .words(words)
              .over(asWritten(method, Objects.requireNonNull(methods.get(method))));
      String folder = loader.loadWithout(SECTION).config().run().warehouse();
      String origin = "experiment";
      ResolvedConfig resolved =
          loader
              .value("run.name", id, origin)
              .value("run.seed", seed, origin)
              .value("run.warehouse", folder + "/" + id, origin)
              .loadWithout(SECTION);
      return new PlannedRun(id, method, seed, resolved);
    }

    private Config asWritten(String method, Config resolved) {
      try {
        return written.getConfig(ConfigUtil.joinPath(SECTION, METHODS, method));
      } catch (ConfigException.NotResolved wholeSetFromElsewhere) {
        return resolved;
      }
    }

    /** Two names for one method would be compared as if they were two. */
    private void refuseEqual(List<PlannedRun> runs, long seed) {
      Map<String, String> methodOf = new HashMap<>();
      for (PlannedRun run : runs) {
        if (run.seed() == seed) {
          String same = methodOf.put(decidedByMethod(run), run.method());
          if (same != null) {
            throw new ConfigurationException(
                "%s: methods %s and %s have the same settings; change one or take it out"
                    .formatted(file, same, run.method()));
          }
        }
      }
    }

    private static String decidedByMethod(PlannedRun run) {
      Map<String, Object> settings = new LinkedHashMap<>();
      run.resolved().settings().forEach((key, setting) -> settings.put(key, setting.value()));
      DECIDED.forEach(settings::remove);
      return settings.toString();
    }

    private static List<String> ordered(Collection<String> methods, Primary primary) {
      List<String> ordered = new ArrayList<>(List.of(primary.method(), primary.against()));
      methods.stream().filter(name -> !ordered.contains(name)).forEach(ordered::add);
      return ordered;
    }
  }
}
