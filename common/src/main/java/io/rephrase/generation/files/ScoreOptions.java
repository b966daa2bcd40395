package io.rephrase.generation.files;

import io.rephrase.model.ModelOptions;
import java.nio.file.Path;

/**
 * What {@link ScoreFiles} does.
 *
 * @param checkpoint a Hugging Face folder; without a tokenizer only ids are scored
 * @param temperature of the softmax; positive
 * @param textEnd what follows a completion given as text
 */
public record ScoreOptions(
    Path checkpoint, ModelOptions model, double temperature, TextEnd textEnd) {

  /** What follows a completion given as text; ids are scored as given. */
  public enum TextEnd {
    NOTHING,
    /** The checkpoint's first end-of-sequence token. */
    EOS
  }

  public ScoreOptions {
    if (!(temperature > 0) || Double.isInfinite(temperature)) {
      throw new IllegalArgumentException(
          "temperature must be a number > 0, got " + temperature + "; use 1.0");
    }
  }
}
