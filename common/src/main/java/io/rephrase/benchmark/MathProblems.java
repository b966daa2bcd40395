package io.rephrase.benchmark;

import io.rephrase.reward.Verifiers;
import io.rephrase.reward.math.AnswerExtractor;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Formats of problems with a mathematical answer. */
final class MathProblems {

  private static final Pattern CALCULATION = Pattern.compile("<<[^<>]*>>");
  private static final String ANSWER_MARK = "####";
  private static final Pattern THOUSANDS_COMMA = Pattern.compile("(?<=\\d),(?=\\d{3})");
  private static final Pattern LEVEL = Pattern.compile("(?:Level )?(\\d+(?:\\.\\d+)?)");
  private static final Pattern BOX_ALONE =
      Pattern.compile("\\$*\\\\(?:boxed|fbox)\\s*\\{[^{}]*\\}[.$]*");

  private MathProblems() {}

  static BenchmarkRow gsm8k(RawRow row) {
    String solution = row.text("answer");
    int mark = solution.lastIndexOf(ANSWER_MARK);
    if (mark < 0) {
      throw row.wrong("answer", "must end in \"#### n\", got no ####");
    }
    String gold = solution.substring(mark + ANSWER_MARK.length()).strip();
    return new BenchmarkRow(
        Optional.empty(),
        row.text("question"),
        THOUSANDS_COMMA.matcher(gold).replaceAll(""),
        Verifiers.MATH,
        // The mark stays: the verifier finds the answer of a solution by it.
        Optional.of(CALCULATION.matcher(solution).replaceAll("")),
        Optional.of((double) CALCULATION.matcher(solution).results().count()),
        Map.of());
  }

  static BenchmarkRow math500(RawRow row) {
    return new BenchmarkRow(
        row.optional("unique_id"),
        row.text("problem"),
        gold(row),
        Verifiers.MATH,
        knowledge(row),
        row.optional("level")
            .map(LEVEL::matcher)
            .filter(Matcher::matches)
            .map(level -> Double.valueOf(level.group(1))),
        subject(row.optional("subject", "type")));
  }

  static BenchmarkRow aime(RawRow row) {
    return new BenchmarkRow(
        row.optional("ID", "id", "problem_idx"),
        row.text("problem", "Problem", "question"),
        gold(row),
        Verifiers.MATH,
        knowledge(row),
        Optional.empty(),
        Map.of());
  }

  static BenchmarkRow minerva(RawRow row) {
    return new BenchmarkRow(
        row.optional("idx"),
        row.text("problem", "question"),
        gold(row),
        Verifiers.MATH,
        knowledge(row),
        Optional.empty(),
        subject(row.optional("type")));
  }

  private static String gold(RawRow row) {
    return row.optional("answer", "Answer")
        .or(() -> solution(row).flatMap(MathProblems::boxed))
        .orElseGet(() -> row.text("answer"));
  }

  /** A solution that is nothing but the answer teaches nothing. */
  private static Optional<String> knowledge(RawRow row) {
    return solution(row).filter(solution -> !BOX_ALONE.matcher(solution).matches());
  }

  private static Optional<String> solution(RawRow row) {
    return row.optional("solution", "Solution");
  }

  private static Optional<String> boxed(String solution) {
    return solution.contains("\\boxed") || solution.contains("\\fbox")
        ? AnswerExtractor.findStated(solution).map(AnswerExtractor.Extracted::text)
        : Optional.empty();
  }

  private static Map<String, String> subject(Optional<String> subject) {
    return subject.map(name -> Map.of("subject", name)).orElse(Map.of());
  }
}
