package io.rephrase.jobs.spark;

/** Loads a policy into this JVM. */
@FunctionalInterface
interface PolicyLoader {

  /** A policy that the caller closes. */
  LoadedPolicy load(EngineSpec spec);
}
