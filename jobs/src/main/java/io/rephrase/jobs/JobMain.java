package io.rephrase.jobs;

import io.rephrase.ConfigurationException;
import io.rephrase.InputException;
import io.rephrase.config.ConfigLoader;
import io.rephrase.jobs.table.TakeOver;
import io.rephrase.progress.Progress;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What the {@code main} of a job does, so that {@code spark-submit --class} can start each alone.
 * The words are those of the command of the same name.
 */
final class JobMain {

  private static final int USERS_MISTAKE = 2;

  private JobMain() {}

  /**
   * Runs the job and ends this JVM: 0 done, 2 the user's mistake; anything else is thrown on.
   * Returns where the JVM is being stopped.
   */
  static void start(Jobs job, String[] words) {
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    try {
      run(job, List.of(words), out);
    } catch (Exception failure) { // Spark throws checked exceptions that it does not declare.
      // What fails now fails because of it; but Spark also ends a JVM whose task found no memory.
      if (Shutdown.begun() && !String.valueOf(failure.getMessage()).contains("OutOfMemoryError")) {
        err.println(Shutdown.STOPPED);
        return;
      }
      Optional<String> mistake = UserMistake.in(failure);
      if (mistake.isEmpty()) {
        throw failure;
      }
      err.println("rephrase: " + mistake.get());
      err.flush();
      System.exit(USERS_MISTAKE);
    }
  }

  static void run(Jobs job, List<String> words, PrintWriter out) {
    if (words.contains("--help")) {
      out.println(usage(job));
      return;
    }
    JobCall call = call(job, words, out);
    try (WarehouseSession session = WarehouseSession.forWriting(job.label(), call.resolved())) {
      job.run(session.warehouse(), call);
    }
  }

  private static String usage(Jobs job) {
    return "%s%nUsage: [--config FILE] [--warehouse DIR] [%s K] [--take-over] [key=value...]"
        .formatted(job.description(), numberOption(job));
  }

  private static String numberOption(Jobs job) {
    return job == Jobs.EVALUATE ? "--policy-version" : "--iteration";
  }

  private static JobCall call(Jobs job, List<String> words, PrintWriter out) {
    ConfigLoader loader = new ConfigLoader();
    List<String> values = new ArrayList<>();
    @Nullable String warehouse = null;
    OptionalInt number = OptionalInt.empty();
    TakeOver takeOver = TakeOver.NEVER;
    for (Iterator<String> rest = words.iterator(); rest.hasNext(); ) {
      String word = rest.next();
      if (word.equals("--config")) {
        loader = loader.file(Path.of(valueOf(word, rest)));
      } else if (word.equals("--warehouse")) {
        warehouse = valueOf(word, rest);
      } else if (word.equals(numberOption(job))) {
        number = OptionalInt.of(number(word, valueOf(word, rest)));
      } else if (word.equals("--take-over")) {
        takeOver = TakeOver.ORDERED;
      } else if (word.startsWith("--")) {
        throw new InputException("unknown option %s%n%s".formatted(word, usage(job)));
      } else {
        values.add(word);
      }
    }
    loader = loader.words(values);
    for (String folder : Optional.ofNullable(warehouse).stream().toList()) {
      loader = loader.value("run.warehouse", folder, "--warehouse");
    }
    JobCall whole =
        JobCall.of(loader.load(), job.label(), Progress.onStandardError(), out)
            .takingOver(takeOver);
    return number.isPresent() ? whole.at(number.getAsInt()) : whole;
  }

  private static String valueOf(String option, Iterator<String> rest) {
    if (!rest.hasNext()) {
      throw new ConfigurationException(option + " needs a value after it");
    }
    return rest.next();
  }

  private static int number(String option, String text) {
    if (!text.matches("[0-9]{1,9}")) {
      throw new ConfigurationException(
          "%s must be a whole number from 0, got \"%s\"".formatted(option, text));
    }
    return Integer.parseInt(text);
  }
}
