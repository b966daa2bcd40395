package io.rephrase.cli;

import io.rephrase.jobs.UserMistake;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns what went wrong into one message and an exit code. */
final class Mistakes {

  static final int USER = 2;
  static final int OURS = 1;
  static final int INTERRUPTED = 130;

  /** What a shell says of a tool that SIGPIPE ended. */
  static final int READER_LEFT = 141;

  private Mistakes() {}

  static int usage(ParameterException wrong, String[] arguments) {
    CommandLine commandLine = wrong.getCommandLine();
    commandLine.getErr().println("rephrase: " + wrong.getMessage());
    UnmatchedArgumentException.printSuggestions(wrong, commandLine.getErr());
    commandLine
        .getErr()
        .println("See: " + commandLine.getCommandSpec().qualifiedName() + " --help");
    commandLine.getErr().flush();
    return USER;
  }

  static int execution(Exception failure, CommandLine commandLine, ParseResult parsed) {
    return of(failure, commandLine);
  }

  static int of(Exception failure, CommandLine commandLine) {
    if (Interruption.under()) {
      return INTERRUPTED;
    }
    if (StandardOutput.ReaderLeft.in(failure)) {
      return READER_LEFT;
    }
    boolean verbose = Boolean.getBoolean(Main.VERBOSE_PROPERTY);
    if (verbose) {
      failure.printStackTrace(commandLine.getErr());
    }
    Optional<String> mistake = UserMistake.in(failure);
    String message =
        mistake.orElseGet(
            () ->
                "%s failed: %s%s"
                    .formatted(
                        commandLine.getCommandSpec().qualifiedName(),
                        describe(failure),
                        verbose ? "" : "\nRun it again with --verbose to see where."));
    commandLine.getErr().println("rephrase: " + message);
    commandLine.getErr().flush();
    return mistake.isPresent() ? USER : OURS;
  }

  /** Standard output did not take all, which is no mistake where its reader had enough. */
  static int unwritten(CommandLine commandLine) {
    if (StandardOutput.readerLeft(commandLine.getOut())) {
      return READER_LEFT;
    }
    commandLine
        .getErr()
        .println(
            "rephrase: standard output did not take all that was printed; see that its disk has space, and run it again");
    commandLine.getErr().flush();
    return USER;
  }

  /** What the machine had too little of; {@link Error}s pass picocli by. */
  static int exhausted(VirtualMachineError failure, CommandLine commandLine) {
    commandLine
        .getErr()
        .println(
            "rephrase: the Java heap is too small (%s); give it more, such as REPHRASE_HEAP=4g, or work on less at once"
                .formatted(failure));
    commandLine.getErr().flush();
    return OURS;
  }

  private static String describe(Throwable failure) {
    StringBuilder text = new StringBuilder(failure.toString());
    Throwable cause = failure.getCause();
    for (int depth = 0; cause != null && depth < 3; depth++) {
      text.append("\n  because: ").append(cause);
      cause = cause.getCause();
    }
    return text.toString();
  }
}
