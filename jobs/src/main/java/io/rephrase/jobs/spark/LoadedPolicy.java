package io.rephrase.jobs.spark;

import io.rephrase.generation.GenerationEngine;
import io.rephrase.prompt.Tokenizer;
import java.nio.file.Path;

/**
 * A policy loaded in this JVM. Owned by {@link ExecutorEngines}; a task uses it between acquiring
 * and releasing its lease.
 *
 * @param folder the local checkpoint folder
 * @param tokenizer of the checkpoint
 * @param engine that samples and scores with it
 */
record LoadedPolicy(Path folder, Tokenizer tokenizer, GenerationEngine engine)
    implements AutoCloseable {

  @Override
  public void close() {
    try (tokenizer) {
      engine.close();
    }
  }
}
