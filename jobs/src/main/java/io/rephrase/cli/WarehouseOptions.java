package io.rephrase.cli;

import io.rephrase.config.ConfigLoader;
import io.rephrase.config.ResolvedConfig;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What commands that look at a warehouse have in common. */
final class WarehouseOptions {

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Configuration whose run.warehouse and spark section are used.")
  private @Nullable Path file;

  @Option(
      names = "--warehouse",
      paramLabel = "DIR",
      description = "Folder of the tables; default: the configuration's, or ./warehouse.")
  private @Nullable String warehouse;

  ResolvedConfig resolve() {
    ConfigLoader loader = new ConfigLoader();
    if (file != null) {
      loader = loader.sections(file, "run", "spark");
    }
    if (warehouse != null) {
      loader = loader.value("run.warehouse", warehouse, "--warehouse");
    }
    return loader.load();
  }
}
