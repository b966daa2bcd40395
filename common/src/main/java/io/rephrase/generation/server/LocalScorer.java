package io.rephrase.generation.server;

import io.rephrase.generation.InterruptedGenerationException;
import io.rephrase.model.ModelOptions;
import io.rephrase.model.PolicyModels;
import io.rephrase.model.TokenScores;
import io.rephrase.model.TokenSequence;
import io.rephrase.model.TorchPolicyModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Scores with a checkpoint in this process, which is opened at the first score and not before: who
 * only samples on a server never loads it. Owns the model; not thread-safe.
 */
public final class LocalScorer implements AutoCloseable {

  private final Path folder;
  private final ModelOptions options;
  private final BooleanSupplier cancelled;
  private Optional<TorchPolicyModel> model = Optional.empty();

  /**
   * @param cancelled asked before every pass; true ends it
   */
  public LocalScorer(Path folder, ModelOptions options, BooleanSupplier cancelled) {
    this.folder = folder;
    this.options = options;
    this.cancelled = cancelled;
  }

  List<TokenScores> score(List<TokenSequence> rows, double temperature) {
    if (rows.isEmpty()) {
      return List.of();
    }
    TorchPolicyModel opened = model.orElseGet(() -> PolicyModels.openForScoring(folder, options));
    model = Optional.of(opened);
    return opened.score(rows, temperature, this::checkCancelled);
  }

  private void checkCancelled() {
    if (cancelled.getAsBoolean()) {
      throw new InterruptedGenerationException("scoring was cancelled by its task");
    }
  }

  /** Frees the model; the next score opens it anew. */
  @Override
  public void close() {
    model.ifPresent(TorchPolicyModel::close);
    model = Optional.empty();
  }
}
