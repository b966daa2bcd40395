package io.rephrase.model;

import java.nio.file.Path;
import java.util.List;

/**
 * A causal language model that can be scored and, when opened for training, trained. Owns native
 * memory: whoever opens it closes it. Not thread-safe.
 */
public interface PolicyModel extends AutoCloseable {

  /** Sizes, special ids and limits as read from the checkpoint folder. */
  ModelConfig config();

  /**
   * Scores of each row's completion under softmax(logits / temperature), without gradients. Rows
   * may have different lengths; each is computed as if alone. Logits are never held for more than
   * one chunk of tokens.
   *
   * @throws IllegalArgumentException if a row is longer than the context or holds an id outside the
   *     vocabulary
   */
  List<TokenScores> score(List<TokenSequence> rows, double temperature);

  /**
   * Forward and backward of one micro-batch: the gradient that {@code gradient} answers is carried
   * back and added to the parameters' gradients. Call as often as an optimizer step has
   * micro-batches. Only for a model opened for training.
   *
   * @return the scores, by row
   */
  List<TokenScores> accumulateGradients(
      List<TokenSequence> rows, double temperature, ScoreGradient gradient);

  /**
   * Scales all gradients so that their global 2-norm is at most {@code maxNorm}.
   *
   * @param maxNorm positive; infinity only measures
   * @return the norm before scaling; NaN or infinite if a gradient is
   */
  double clipGradients(double maxNorm);

  /** One AdamW update of every parameter from its accumulated gradient; counts the step. */
  void step(AdamWSettings settings);

  /** Forgets the accumulated gradients. */
  void zeroGradients();

  /**
   * Writes a Hugging Face folder that transformers can load; where adapters are trained, one that
   * PEFT can, with the adapters and the name of their base. The folder must not exist.
   */
  void save(Path folder);

  /**
   * Writes moments and step count, and in float32 the weights that {@link #save} rounds; the folder
   * must not exist.
   */
  void saveOptimizer(Path folder);

  /**
   * Takes up what was written by {@link #saveOptimizer}.
   *
   * @throws io.rephrase.CheckpointException if they are not of this model
   */
  void loadOptimizer(Path folder);

  /** Bytes of native memory that weights, gradients and optimizer state take. */
  long nativeBytes();

  @Override
  void close();
}
