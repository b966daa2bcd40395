package io.rephrase.reward;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import com.google.gson.reflect.TypeToken;
import io.rephrase.data.Prompt;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The options of a choice question.
 *
 * @param letters their letters in order, {@code ABCD}; 2 to 10 of them
 * @param texts what each option says; empty where not known
 */
public record ChoiceOptions(String letters, List<String> texts) {

  private static final String ALL = "ABCDEFGHIJ";
  private static final Pattern OPTION_LINE =
      Pattern.compile("(?m)^\\s*\\(?([A-J])[).:]\\s*(\\S.*)$");

  public ChoiceOptions {
    if (letters.length() < 2 || !ALL.startsWith(letters)) {
      throw new IllegalArgumentException(
          "letters must be the first 2 to 10 of " + ALL + ", got " + letters);
    }
    texts = List.copyOf(texts);
    if (!texts.isEmpty() && texts.size() != letters.length()) {
      throw new IllegalArgumentException(
          "texts must be one for each of " + letters + ", got " + texts.size());
    }
  }

  /** Letters alone. */
  public static ChoiceOptions ofLetters(String letters) {
    return new ChoiceOptions(letters, List.of());
  }

  /**
   * From metadata {@code options} ("ABCD"), else {@code choices} (a JSON list of texts), else from
   * the question's lines {@code A) …}.
   */
  public static Optional<ChoiceOptions> of(Prompt prompt) {
    List<String> listed = choices(prompt);
    List<String> texts = listed.isEmpty() ? lines(prompt.question()) : listed;
    Optional<String> letters =
        Optional.ofNullable(prompt.metadata().get("options"))
            .map(value -> value.replaceAll("[^A-J]", ""))
            .filter(value -> value.length() >= 2 && ALL.startsWith(value));
    if (letters.isPresent()) {
      boolean known = texts.size() == letters.get().length();
      return Optional.of(new ChoiceOptions(letters.get(), known ? texts : List.of()));
    }
    return texts.size() < 2 || texts.size() > ALL.length()
        ? Optional.empty()
        : Optional.of(new ChoiceOptions(ALL.substring(0, texts.size()), texts));
  }

  private static List<String> choices(Prompt prompt) {
    String json = prompt.metadata().getOrDefault("choices", "[]");
    try {
      List<String> texts = new Gson().fromJson(json, new TypeToken<List<String>>() {}.getType());
      return texts == null || texts.stream().anyMatch(java.util.Objects::isNull)
          ? List.of()
          : texts;
    } catch (JsonParseException notAList) {
      return List.of();
    }
  }

  /** The last run of lines that begin with A, B, C … in order. */
  private static List<String> lines(String question) {
    List<String> texts = new ArrayList<>();
    Matcher matcher = OPTION_LINE.matcher(question);
    while (matcher.find()) {
      char letter = matcher.group(1).charAt(0);
      if (letter == 'A') {
        texts.clear();
      }
      if (letter == ALL.charAt(Math.min(texts.size(), 9)) && texts.size() < 10) {
        texts.add(matcher.group(2).strip());
      }
    }
    return texts;
  }
}
