package io.rephrase.jobs.spark;

/** Log-probabilities as tables hold them. */
final class Scores {

  private Scores() {}

  static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }
}
