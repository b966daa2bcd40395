package io.rephrase.cli;

import io.rephrase.config.ResolvedConfig;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints the configuration in force. */
@Command(
    name = "config",
    mixinStandardHelpOptions = true,
    description = "Prints every value in force and where it came from.",
    footer = {"", "Example:", "  rephrase config --config conf/arena.conf rollout.groupSize=4"})
final class ConfigCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private ConfigOptions options;

  @Option(names = "--json", description = "As the run records it.")
  private boolean json;

  @Override
  public Integer call() {
    ResolvedConfig resolved = options.resolve();
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(resolved.canonicalJson());
      return 0;
    }
    resolved
        .settings()
        .forEach(
            (key, setting) ->
                out.printf("%-36s = %-24s # %s%n", key, setting.value(), setting.origin()));
    out.println("# hash " + resolved.hash());
    return 0;
  }
}
