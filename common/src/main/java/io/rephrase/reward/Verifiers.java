package io.rephrase.reward;

import io.rephrase.ConfigurationException;
import io.rephrase.data.Prompt;
import io.rephrase.reward.math.MathAnswers;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** All verifiers, by name. A new one is a class and a line here. */
public enum Verifiers {
  MATH("math", MathVerifier::new),
  CHOICE("choice", () -> new ChoiceVerifier(ChoiceOptions.ofLetters("ABCD"))),
  NUMERIC("numeric", () -> new NumericVerifier(NumericVerifier.EXACT)),
  EXACT("exact", ExactVerifier::new),
  FORMAT("format", () -> new FormatVerifier(FormatVerifier.THINK_THEN_ANSWER)),
  ARENA("arena", ArenaVerifier::new),
  LLM_JUDGE(JudgeVerifier.NAME, () -> new JudgeVerifier("", Judge.NOBODY));

  private final String label;
  private final Supplier<Verifier> maker;

  Verifiers(String label, Supplier<Verifier> maker) {
    this.label = label;
    this.maker = maker;
  }

  /** Name in data, configuration and tables. */
  public String label() {
    return label;
  }

  /**
   * A verifier with its usual settings; {@code choice} has the options A to D, and {@code
   * llm-judge} nobody to ask.
   */
  public Verifier create() {
    return maker.get();
  }

  /** The verifier of that name with its usual settings, or {@link ConfigurationException}. */
  public static Verifier named(String name) {
    return entry(name).create();
  }

  /** The verifier the prompt names, with the prompt's own options where it is a choice. */
  public static Verifier forPrompt(Prompt prompt) {
    if (entry(prompt.verifier()) != CHOICE) {
      return named(prompt.verifier());
    }
    return ChoiceOptions.of(prompt)
        .map(ChoiceVerifier::new)
        .orElseThrow(
            () ->
                new ConfigurationException(
                    prompt.dataset() + "/" + prompt.promptId() + ": " + noOptions()));
  }

  /** The same, who asks {@code judge} where the prompt wants a judge. */
  public static Verifier forPrompt(Prompt prompt, Judge judge) {
    return entry(prompt.verifier()) == LLM_JUDGE
        ? new JudgeVerifier(prompt.question(), judge)
        : forPrompt(prompt);
  }

  /** Why no verifier has that name; empty where one has. */
  public static Optional<String> nameProblem(String name) {
    return find(name).isPresent() ? Optional.empty() : Optional.of(unknown(name));
  }

  /** Why the prompt's reference answer cannot be compared with; empty where it can. */
  public static Optional<String> goldProblem(Prompt prompt) {
    String gold = prompt.gold();
    return switch (entry(prompt.verifier())) {
      case MATH -> MathAnswers.goldProblem(gold).map(why -> "gold \"" + brief(gold) + "\" " + why);
      case NUMERIC ->
          NumericVerifier.number(gold).isPresent()
              ? Optional.empty()
              : Optional.of("gold \"" + brief(gold) + "\" is no number");
      case CHOICE -> choiceProblem(prompt);
      case EXACT ->
          ExactVerifier.normalized(gold).isEmpty()
              ? Optional.of("gold \"" + brief(gold) + "\" has no text to compare")
              : Optional.empty();
      case LLM_JUDGE ->
          gold.isBlank()
              ? Optional.of("gold \"" + brief(gold) + "\" has no text to compare")
              : Optional.empty();
      case FORMAT, ARENA -> Optional.empty();
    };
  }

  private static Optional<String> choiceProblem(Prompt prompt) {
    Optional<ChoiceOptions> options = ChoiceOptions.of(prompt);
    if (options.isEmpty()) {
      return Optional.of(noOptions());
    }
    String letter =
        prompt.gold().strip().replaceAll("[().\\s]", "").toUpperCase(java.util.Locale.ROOT);
    return letter.length() == 1 && options.get().letters().contains(letter)
        ? Optional.empty()
        : Optional.of(
            "gold \""
                + brief(prompt.gold())
                + "\" is none of the options "
                + options.get().letters());
  }

  private static String noOptions() {
    return "verifier choice needs options: metadata options like \"ABCD\", or lines \"A) …\" in the question";
  }

  private static String brief(String gold) {
    return gold.length() > 80 ? gold.substring(0, 80) + "…" : gold;
  }

  private static Verifiers entry(String name) {
    return find(name).orElseThrow(() -> new ConfigurationException(unknown(name)));
  }

  private static Optional<Verifiers> find(String name) {
    return Arrays.stream(values()).filter(entry -> entry.label.equals(name)).findFirst();
  }

  private static String unknown(String name) {
    String nearest =
        Arrays.stream(values())
            .map(Verifiers::label)
            .min(Comparator.comparingInt(label -> distance(label, name)))
            .orElseThrow();
    String hint = distance(nearest, name) <= 3 ? "did you mean \"" + nearest + "\"? " : "";
    String known = Arrays.stream(values()).map(Verifiers::label).collect(Collectors.joining(", "));
    return "verifier \"" + brief(name) + "\" does not exist; " + hint + "verifiers are " + known;
  }

  /** Edit distance, on at most the first 40 characters. */
  private static int distance(String left, String name) {
    String right = name.substring(0, Math.min(40, name.length()));
    int[] row = new int[right.length() + 1];
    Arrays.setAll(row, index -> index);
    for (int i = 1; i <= left.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= right.length(); j++) {
        int above = row[j];
        int change = diagonal + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(change, Math.min(above, row[j - 1]) + 1);
        diagonal = above;
      }
    }
    return row[right.length()];
  }
}
