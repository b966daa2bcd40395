package io.rephrase.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.fs.FSError;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command line. Commands load what they need when they are called, not before. */
@Command(
    name = "rephrase",
    mixinStandardHelpOptions = true,
    version = Main.VERSION,
    subcommands = {
      QuickstartCommand.class,
      IterateCommand.class,
      ExperimentCommand.class,
      IngestCommand.class,
      ContaminationCommand.class,
      RolloutCommand.class,
      RephraseCommand.class,
      GuideCommand.class,
      TrainCommand.class,
      EvaluateCommand.class,
      ReportCommand.class,
      SqlCommand.class,
      GradeCommand.class,
      RedoCommand.class,
      MaintainCommand.class,
      ProblemsCommand.class,
      WarmStartCommand.class,
      MergeCommand.class,
      GenerateCommand.class,
      ScoreCommand.class,
      BenchCommand.class,
      RunsCommand.class,
      ConfigCommand.class,
      DoctorCommand.class,
      CommandLine.HelpCommand.class
    },
    synopsisSubcommandLabel = "COMMAND",
    description = "RePO (Rephrasing Policy Optimization) on Apache Spark and Delta Lake.",
    footer = {"", "Start here:", "  rephrase quickstart", "  rephrase COMMAND --help"})
public final class Main implements Runnable {

  static final String VERSION = "rephrase 0.1.0-SNAPSHOT";

  /** Spark's and our logs in full; the launcher sets it for {@code --verbose}. */
  static final String VERBOSE_PROPERTY = "rephrase.verbose";

  @Spec private CommandSpec spec;

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "Shows stack traces and all log lines.")
  void verbose(boolean on) {
    System.setProperty(VERBOSE_PROPERTY, Boolean.toString(on));
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "name a command, such as quickstart or doctor");
  }

  /** Runs the command of {@code arguments} on the given streams and returns the exit code. */
  static int run(PrintWriter out, PrintWriter err, String... arguments) {
    CommandLine commandLine = new CommandLine(new Main());
    commandLine.setOut(out);
    commandLine.setErr(err);
    commandLine.setCaseInsensitiveEnumValuesAllowed(true);
    commandLine.setUsageHelpAutoWidth(true);
    commandLine.setParameterExceptionHandler(Mistakes::usage);
    commandLine.setExecutionExceptionHandler(Mistakes::execution);
    try {
      int exitCode = commandLine.execute(arguments);
      return exitCode == 0 && out.checkError() ? Mistakes.unwritten(commandLine) : exitCode;
    } catch (FSError disk) { // Hadoop's word for a local disk that takes no more.
      return Mistakes.of(new IllegalStateException("writing to a local disk", disk), commandLine);
    } catch (OutOfMemoryError | StackOverflowError e) {
      return Mistakes.exhausted(e, commandLine);
    }
  }

  public static void main(String[] arguments) {
    PrintWriter out = new StandardOutput(new FileOutputStream(FileDescriptor.out));
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    int exitCode = run(out, err, arguments);
    out.flush();
    err.flush();
    System.exit(exitCode);
  }
}
