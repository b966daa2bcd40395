package io.rephrase.reward;

import io.rephrase.data.Verdict;
import java.util.List;

/** Whether the required tags are there: each opened and closed once, one after the other. */
public final class FormatVerifier implements Verifier {

  /**
   * What a completion must hold.
   *
   * @param tags names in order, without angle brackets
   */
  public record Config(List<String> tags) {
    public Config {
      tags = List.copyOf(tags);
      if (tags.isEmpty() || tags.stream().anyMatch(String::isBlank)) {
        throw new IllegalArgumentException("tags must be names, at least one, got " + tags);
      }
    }
  }

  /** Thinking, then an answer. */
  public static final Config THINK_THEN_ANSWER = new Config(List.of("think", "answer"));

  private final List<String> tags;

  public FormatVerifier(Config config) {
    this.tags = config.tags();
  }

  @Override
  public String name() {
    return "format";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public Verdict verify(String completion, String gold) {
    int from = 0;
    for (String tag : tags) {
      String opening = "<" + tag + ">";
      String closing = "</" + tag + ">";
      int open = completion.indexOf(opening);
      int close = completion.indexOf(closing);
      boolean once =
          completion.lastIndexOf(opening) == open && completion.lastIndexOf(closing) == close;
      if (open < from || close < open || !once) {
        return Verdicts.of(false, opening, "tag-missing-or-misplaced");
      }
      from = close + closing.length();
    }
    return Verdicts.of(true, String.join(",", tags), "all-tags");
  }
}
