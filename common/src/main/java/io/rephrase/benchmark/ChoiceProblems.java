package io.rephrase.benchmark;

import com.google.gson.Gson;
import io.rephrase.data.Seeds;
import io.rephrase.reward.Verifiers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Formats of questions with options, of which one is right. */
final class ChoiceProblems {

  private static final int MAX_OPTIONS = 10;
  private static final Pattern OPTION_LETTER = Pattern.compile("^\\(?[A-J][).:]\\s*");
  private static final Pattern MMLU_FILE =
      Pattern.compile("(?:_(?:test|val|dev))?\\.csv(?:\\.gz)?$");

  private static final List<String> GPQA_LEVELS =
      List.of(
          "Easy undergraduate level",
          "Hard undergraduate level",
          "Hard graduate level",
          "Post-graduate level");
  private static final List<String> SUPERGPQA_LEVELS = List.of("easy", "middle", "hard");

  private ChoiceProblems() {}

  static BenchmarkRow gpqa(RawRow row) {
    List<String> asListed =
        List.of(
            row.text("Correct Answer"),
            row.text("Incorrect Answer 1"),
            row.text("Incorrect Answer 2"),
            row.text("Incorrect Answer 3"));
    String question = row.text("Question");
    Optional<String> id = row.optional("Record ID");
    List<Integer> order = order(row.optionSeed(), id.orElse(question), asListed.size());
    Map<String, String> metadata = new LinkedHashMap<>();
    row.optional("Subdomain").ifPresent(subject -> metadata.put("subject", subject));
    row.optional("High-level domain").ifPresent(domain -> metadata.put("domain", domain));
    return new BenchmarkRow(
        id,
        rendered(row, question, order.stream().map(asListed::get).toList(), metadata),
        letter(order.indexOf(0)),
        Verifiers.CHOICE,
        row.optional("Explanation"),
        level(row.optional("Writer's Difficulty Estimate"), GPQA_LEVELS),
        metadata);
  }

  static BenchmarkRow superGpqa(RawRow row) {
    Map<String, String> metadata = new LinkedHashMap<>();
    row.optional("discipline").ifPresent(subject -> metadata.put("subject", subject));
    row.optional("field").ifPresent(field -> metadata.put("field", field));
    row.optional("subfield").ifPresent(subfield -> metadata.put("subfield", subfield));
    return new BenchmarkRow(
        row.optional("uuid"),
        rendered(row, row.text("question"), row.texts("options"), metadata),
        row.text("answer_letter"),
        Verifiers.CHOICE,
        Optional.empty(),
        level(row.optional("difficulty"), SUPERGPQA_LEVELS),
        metadata);
  }

  static BenchmarkRow mmlu(RawRow row) {
    boolean listed = row.has("choices");
    List<String> options =
        listed
            ? row.texts("choices")
            : List.of(row.text("A"), row.text("B"), row.text("C"), row.text("D"));
    Map<String, String> metadata = new LinkedHashMap<>();
    row.optional("subject").ifPresent(name -> metadata.put("subject", subjectOf(name)));
    String answer = row.text("answer");
    return new BenchmarkRow(
        Optional.empty(),
        rendered(row, row.text("question"), options, metadata),
        answer.matches("\\d") ? letter(Integer.parseInt(answer)) : answer,
        Verifiers.CHOICE,
        Optional.empty(),
        Optional.empty(),
        metadata);
  }

  static BenchmarkRow aqua(RawRow row) {
    List<String> options =
        row.texts("options").stream()
            .map(option -> OPTION_LETTER.matcher(option.strip()).replaceFirst(""))
            .toList();
    Map<String, String> metadata = new LinkedHashMap<>();
    return new BenchmarkRow(
        Optional.empty(),
        rendered(row, row.text("question"), options, metadata),
        row.text("correct"),
        Verifiers.CHOICE,
        row.optional("rationale"),
        Optional.empty(),
        metadata);
  }

  /** The question and a line for each option; their texts go into {@code metadata} too. */
  private static String rendered(
      RawRow row, String question, List<String> options, Map<String, String> metadata) {
    if (options.size() < 2 || options.size() > MAX_OPTIONS) {
      throw row.wrong(
          "options", "must hold 2 to %d, got %d".formatted(MAX_OPTIONS, options.size()));
    }
    // One line an option: a line break in one could pass for the start of another.
    List<String> lines =
        options.stream().map(option -> option.strip().replaceAll("\\s*\\R\\s*", " ")).toList();
    if (lines.contains("")) {
      throw row.wrong("options", "must not be blank, got option " + letter(lines.indexOf("")));
    }
    StringBuilder text = new StringBuilder(question).append('\n');
    for (int i = 0; i < lines.size(); i++) {
      text.append('\n').append(letter(i)).append(") ").append(lines.get(i));
    }
    metadata.put("choices", new Gson().toJson(lines));
    return text.toString();
  }

  /** A shuffle that depends on the seed and the row alone. */
  private static List<Integer> order(long seed, String rowId, int size) {
    List<Integer> order = new ArrayList<>(IntStream.range(0, size).boxed().toList());
    long rowSeed = Seeds.sample(seed, "options", 0, rowId, 0);
    for (int i = size - 1; i > 0; i--) {
      Collections.swap(order, i, (int) (Seeds.uniform(rowSeed, i) * (i + 1)));
    }
    return order;
  }

  private static String letter(int index) {
    return String.valueOf((char) ('A' + index));
  }

  /** From 1, the place of the level that the text begins with. */
  private static Optional<Double> level(Optional<String> text, List<String> levels) {
    return text.flatMap(
        written ->
            IntStream.range(0, levels.size())
                .filter(i -> written.startsWith(levels.get(i)))
                .mapToObj(i -> i + 1.0)
                .findFirst());
  }

  /** A subject's name, or the file's that it is named after. */
  private static String subjectOf(String name) {
    return MMLU_FILE.matcher(name.substring(name.lastIndexOf('/') + 1)).replaceFirst("");
  }
}
