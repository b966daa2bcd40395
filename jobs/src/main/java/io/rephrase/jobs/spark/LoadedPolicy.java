package io.rephrase.jobs.spark;

import io.rephrase.generation.GenerationEngine;
import io.rephrase.prompt.Tokenizer;
import java.nio.file.Path;
import java.util.List;

/**
 * A policy loaded in this JVM. Owned by {@link ExecutorEngines}; a task uses it between acquiring
 * and releasing its lease.
 *
 * @param folder a local checkpoint folder with the tokenizer and chat template
 * @param tokenizer of the checkpoint
 * @param engine that samples and scores with it
 * @param eosTokenIds any of which ends a completion
 */
record LoadedPolicy(
    Path folder, Tokenizer tokenizer, GenerationEngine engine, List<Integer> eosTokenIds)
    implements AutoCloseable {

  @Override
  public void close() {
    try (tokenizer) {
      engine.close();
    }
  }
}
