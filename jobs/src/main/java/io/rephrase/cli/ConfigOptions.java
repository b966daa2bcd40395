package io.rephrase.cli;

import io.rephrase.config.ConfigLoader;
import io.rephrase.config.ResolvedConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What commands that read a configuration have in common. */
final class ConfigOptions {

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Configuration file; see conf/. Without it the built-in values stand.")
  private @Nullable Path file;

  @Option(
      names = "--warehouse",
      paramLabel = "DIR",
      description = "Folder of the tables; the same as run.warehouse=DIR.")
  private @Nullable String warehouse;

  @Parameters(paramLabel = "key=value", description = "Values that win over the file.")
  private List<String> words = new ArrayList<>();

  /** The configuration in force: built-in, file, words. */
  ResolvedConfig resolve() {
    return over(new ConfigLoader());
  }

  /** The same with a preset between the built-in values and the file. */
  ResolvedConfig resolveOver(String preset) {
    return over(new ConfigLoader().preset(preset));
  }

  private ResolvedConfig over(ConfigLoader loader) {
    ConfigLoader layered = file == null ? loader : loader.file(file);
    layered = layered.words(words);
    if (warehouse != null) {
      layered = layered.value("run.warehouse", warehouse, "--warehouse");
    }
    return layered.load();
  }
}
