package io.rephrase.cli;

import io.rephrase.RephraseException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
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
    boolean verbose = Boolean.getBoolean(Main.VERBOSE_PROPERTY);
    if (verbose) {
      failure.printStackTrace(commandLine.getErr());
    }
    Optional<String> mistake = userMistake(failure);
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

  /** The message of the first cause that a user can put right. */
  static Optional<String> userMistake(Throwable failure) {
    if (diskFull(failure)) {
      return Optional.of(
          "the disk is full; free some space and run the same command again to resume");
    }
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof RephraseException) {
        return Optional.of(String.valueOf(cause.getMessage()));
      }
      if (cause instanceof NoSuchFileException missing) {
        return Optional.of(missing.getFile() + ": there is no such file; check the path");
      }
      if (cause instanceof AccessDeniedException denied) {
        return Optional.of(denied.getFile() + ": access denied; change its permissions");
      }
      if (cause instanceof FileSystemException file) {
        return Optional.of(String.valueOf(file.getMessage()));
      }
    }
    return Optional.empty();
  }

  private static boolean diskFull(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (String.valueOf(cause.getMessage()).contains("No space left on device")) {
        return true;
      }
    }
    return false;
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
