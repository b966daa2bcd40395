package io.rephrase.generation.files;

import io.rephrase.generation.SamplingParams;
import io.rephrase.model.ModelOptions;
import java.nio.file.Path;

/**
 * What {@link GenerateFiles} does.
 *
 * @param checkpoint a Hugging Face folder; without a tokenizer only ids go in and out
 * @param sampling how tokens are drawn
 * @param samples completions of each line
 * @param seed of the run; a sample's own follows from it, the line's id and the sample's index
 * @param batchSize completions decoded side by side
 */
public record GenerateOptions(
    Path checkpoint,
    ModelOptions model,
    SamplingParams sampling,
    int samples,
    long seed,
    int batchSize) {
  private static final int MOST_SIDE_BY_SIDE = 4096;

  public GenerateOptions {
    if (samples < 1) {
      throw new IllegalArgumentException("samples must be at least 1, got " + samples);
    }
    if (batchSize < 1 || batchSize > MOST_SIDE_BY_SIDE) {
      throw new IllegalArgumentException(
          "batchSize must be in [1, %d], got %d".formatted(MOST_SIDE_BY_SIDE, batchSize));
    }
  }
}
