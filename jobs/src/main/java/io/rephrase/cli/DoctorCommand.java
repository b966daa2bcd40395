package io.rephrase.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Looks at the machine. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description = "Checks Java, memory, the native library, GPU and write access; says what to do.",
    footer = {"", "Example:", "  rephrase doctor --warehouse /data/warehouse"})
final class DoctorCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(names = "--warehouse", paramLabel = "DIR", description = "Default: ${DEFAULT-VALUE}")
  private Path warehouse = Path.of("warehouse");

  @Override
  public Integer call() {
    List<Finding> findings = new Doctor(warehouse).examine();
    PrintWriter out = spec.commandLine().getOut();
    findings.forEach(finding -> out.println(finding.asText()));
    boolean broken = findings.stream().anyMatch(Finding::failed);
    out.println(broken ? "Something above has to be put right." : "All is well.");
    return broken ? Mistakes.OURS : 0;
  }
}
