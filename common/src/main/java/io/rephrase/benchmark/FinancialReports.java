package io.rephrase.benchmark;

import io.rephrase.reward.Verifiers;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The format of FinQA: a page of a report and a question about its numbers. */
final class FinancialReports {

  private static final int DECIMALS = 5;
  private static final Pattern TIMES_100 =
      Pattern.compile("multiply\\((?:[^(),]*, *const_100|const_100, *[^(),]*)\\)$");
  private static final Pattern QUOTIENT =
      Pattern.compile("divide\\([^(),]*,(?! *const_100\\))[^(),]*\\)$");

  private FinancialReports() {}

  static BenchmarkRow finqa(RawRow row) {
    RawRow task = row.within("qa");
    String program = task.optional("program").orElse("");
    Optional<String> executed = task.optional("exe_ans");
    String gold =
        executed.map(FinancialReports::rounded).orElseGet(() -> task.text("exe_ans", "answer"));
    boolean yesOrNo = gold.matches("(?i)yes|no");
    String form = yesOrNo ? "Answer yes or no." : executed.isPresent() ? form(program) : "";
    return new BenchmarkRow(
        row.optional("id"),
        (page(row) + "\n\nQuestion: " + task.text("question") + "\n" + form).strip(),
        gold,
        yesOrNo ? Verifiers.EXACT : Verifiers.NUMERIC,
        task.optional("explanation"),
        Optional.of((double) program.chars().filter(c -> c == '(').count()).filter(n -> n > 0),
        Map.of());
  }

  /** Executed results are rounded to five decimals: written so, they are compared so. */
  private static String rounded(String executed) {
    try {
      return new BigDecimal(executed).setScale(DECIMALS, RoundingMode.HALF_UP).toPlainString();
    } catch (NumberFormatException word) {
      return executed;
    }
  }

  /**
   * The format mixes 0.25 and 25 for a percentage. Where the program ends in a product with 100 or
   * in a quotient it says which is meant; of percentage points, for one, it does not.
   */
  private static String form(String program) {
    String rounded = "Answer with a number rounded to %d decimals".formatted(DECIMALS);
    if (TIMES_100.matcher(program.strip()).find()) {
      return rounded + "; a percentage in percent.";
    }
    return QUOTIENT.matcher(program.strip()).find()
        ? rounded + "; a percentage as a fraction of 1."
        : rounded + ".";
  }

  private static String page(RawRow row) {
    String table =
        row.table("table").stream()
            .map(cells -> String.join(" | ", cells))
            .collect(Collectors.joining("\n"));
    return "Context:\n%s\n\nTable:\n%s\n\n%s"
        .formatted(
            String.join("\n", row.texts("pre_text")),
            table,
            String.join("\n", row.texts("post_text")))
        .strip();
  }
}
