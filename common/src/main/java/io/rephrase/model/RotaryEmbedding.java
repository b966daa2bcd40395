package io.rephrase.model;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Collectors;

/**
 * Rotary position embedding (RoFormer, arXiv 2104.09864) as Hugging Face checkpoints lay it out:
 * the two halves of a head are rotated against each other.
 *
 * @param inverseFrequencies radians a position, one for each pair; half the head size
 */
record RotaryEmbedding(double[] inverseFrequencies) {

  /** Scalings of the frequencies that we compute; a checkpoint that asks for another is refused. */
  enum Scaling {
    DEFAULT("default") {
      @Override
      double scale(double frequency, ConfigFile settings) {
        return frequency;
      }
    },
    LINEAR("linear") {
      @Override
      double scale(double frequency, ConfigFile settings) {
        return frequency / required(settings, "factor");
      }
    },
    LLAMA3("llama3") {
      /** Long waves are slowed by the factor, short ones left, those between blended. */
      @Override
      double scale(double frequency, ConfigFile settings) {
        double factor = required(settings, "factor");
        double low = required(settings, "low_freq_factor");
        double high = required(settings, "high_freq_factor");
        double context = required(settings, "original_max_position_embeddings");
        if (!(low < high)) {
          throw settings.wrong(
              "low_freq_factor", "below high_freq_factor = " + high, String.valueOf(low));
        }
        double turns = context * frequency / (2 * Math.PI);
        if (turns < low) {
          return frequency / factor;
        }
        if (turns > high) {
          return frequency;
        }
        double smooth = (turns - low) / (high - low);
        return (1 - smooth) * frequency / factor + smooth * frequency;
      }
    };

    private final String configName;

    Scaling(String configName) {
      this.configName = configName;
    }

    abstract double scale(double frequency, ConfigFile settings);

    private static double required(ConfigFile settings, String key) {
      return settings
          .positive(key)
          .orElseThrow(() -> settings.wrong(key, "a number for this rope_type", "nothing"));
    }

    private static Scaling of(String name, ConfigFile settings) {
      return Arrays.stream(values())
          .filter(scaling -> scaling.configName.equals(name))
          .findFirst()
          .orElseThrow(
              () ->
                  settings.wrong(
                      "rope_type",
                      "one of "
                          + Arrays.stream(values())
                              .map(scaling -> scaling.configName)
                              .collect(Collectors.joining(", ")),
                      name));
    }
  }

  /**
   * Reads {@code rope_parameters}, or {@code rope_theta} with {@code rope_scaling} as older files
   * have it.
   */
  static RotaryEmbedding of(ConfigFile config, int headSize) {
    Optional<ConfigFile> nested =
        config.object("rope_parameters").or(() -> config.object("rope_scaling"));
    ConfigFile settings = nested.orElse(config);
    double base =
        settings.positive("rope_theta").or(() -> config.positive("rope_theta")).orElse(10_000.0);
    double rotated =
        settings
            .positive("partial_rotary_factor")
            .or(() -> config.positive("partial_rotary_factor"))
            .orElse(1.0);
    if (rotated != 1.0) {
      throw config.wrong("partial_rotary_factor", "1", String.valueOf(rotated));
    }
    Scaling scaling =
        nested
            .flatMap(object -> object.text("rope_type").or(() -> object.text("type")))
            .map(type -> Scaling.of(type, settings))
            .orElse(Scaling.DEFAULT);
    double[] frequencies = new double[headSize / 2];
    for (int i = 0; i < frequencies.length; i++) {
      frequencies[i] = scaling.scale(Math.pow(base, -2.0 * i / headSize), settings);
    }
    return new RotaryEmbedding(frequencies);
  }

  /** Cosines of positions {@code [from, to)}, shape [to - from, D], row-major. */
  float[] cosines(int from, int to) {
    return table(from, to, Math::cos);
  }

  /** Sines of positions {@code [from, to)}, shape [to - from, D], row-major. */
  float[] sines(int from, int to) {
    return table(from, to, Math::sin);
  }

  private float[] table(int from, int to, DoubleUnaryOperator function) {
    int half = inverseFrequencies.length;
    float[] table = new float[(to - from) * 2 * half];
    for (int position = from; position < to; position++) {
      int row = (position - from) * 2 * half;
      for (int i = 0; i < half; i++) {
        float value = (float) function.applyAsDouble(position * inverseFrequencies[i]);
        table[row + i] = value;
        table[row + half + i] = value;
      }
    }
    return table;
  }
}
