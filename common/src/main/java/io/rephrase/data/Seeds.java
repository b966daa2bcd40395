package io.rephrase.data;

import java.nio.charset.StandardCharsets;

/**
 * Seeds as pure functions of what they are for: the same sample gets the same random numbers
 * wherever and whenever it is drawn. Stateless and thread-safe.
 */
public final class Seeds {

  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  private Seeds() {}

  /**
   * Seed of one sample: hash(run seed, stage, iteration, data set, prompt id, sample or attempt).
   */
  public static long sample(
      long runSeed, String stage, int iteration, String promptKey, int sampleIndex) {
    long hash = mix(runSeed);
    hash = mix(hash ^ text(stage));
    hash = mix(hash ^ iteration);
    hash = mix(hash ^ text(promptKey));
    return mix(hash ^ sampleIndex);
  }

  /** Seed of a seeded order, such as the prompts of one epoch. */
  public static long order(long runSeed, String what, int epoch) {
    return mix(mix(mix(runSeed) ^ text(what)) ^ epoch);
  }

  /**
   * The uniform number in [0, 1) that a sample with this seed uses at token {@code position}: 53
   * bits.
   */
  public static double uniform(long seed, int position) {
    return (mix(mix(seed) + position) >>> 11) * 0x1.0p-53;
  }

  private static long text(String text) {
    long hash = FNV_OFFSET;
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * FNV_PRIME;
    }
    return hash;
  }

  /** Finaliser of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014). */
  static long mix(long value) {
    long z = value + 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
