package io.rephrase.training;

import io.rephrase.data.GuidanceSource;
import io.rephrase.data.TrainingSample;
import io.rephrase.loss.RowSource;
import io.rephrase.loss.StepShape;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The completions of one optimizer step, with what the whole step decides for each of them. */
final class StepRows {

  /**
   * One completion.
   *
   * @param sample as it came
   * @param advantage after truncation was handled
   * @param inLoss whether its tokens are in the loss
   */
  record Row(TrainingSample sample, double advantage, boolean inLoss) {

    int tokens() {
      return sample.completionIds().length;
    }

    /** What is imitated has no reward to be compared by, and an advantage all the same. */
    boolean imitated() {
      return imitates(sample);
    }

    double[] mask() {
      double[] mask = new double[tokens()];
      java.util.Arrays.fill(mask, inLoss ? 1 : 0);
      return mask;
    }

    RowSource source() {
      return switch (sample.source()) {
        case NONE -> RowSource.ON_POLICY;
        case REPHRASED -> RowSource.REPHRASED;
        case TEACHER -> RowSource.TEACHER;
      };
    }
  }

  private final List<Row> rows = new ArrayList<>();
  private final Set<Integer> learningGroups = new HashSet<>();
  private final int maxTokens;

  StepRows(List<TrainingSample> samples, TruncatedHandling truncated, int maxTokens) {
    this.maxTokens = maxTokens;
    samples.forEach(sample -> rows.add(row(sample, truncated)));
    Map<Integer, Double> first = new HashMap<>();
    for (TrainingSample sample : samples) {
      if (!Double.isNaN(sample.reward())) {
        Double seen = first.putIfAbsent(sample.position(), sample.reward());
        if (seen != null && seen != sample.reward()) {
          learningGroups.add(sample.position());
        }
      }
    }
  }

  private static boolean imitates(TrainingSample sample) {
    return Double.isNaN(sample.reward()) && sample.advantage() != 0;
  }

  private static Row row(TrainingSample sample, TruncatedHandling truncated) {
    boolean counts = !Double.isNaN(sample.reward()) || imitates(sample);
    boolean usable = counts && sample.completionIds().length > 0;
    if (!sample.truncated() || sample.source() != GuidanceSource.NONE) {
      return new Row(sample, sample.advantage(), usable);
    }
    return switch (truncated) {
      case MASK -> new Row(sample, sample.advantage(), false);
      case PENALISE -> new Row(sample, sample.advantage(), usable);
      case ZERO_ADVANTAGE -> new Row(sample, 0, usable);
    };
  }

  List<Row> all() {
    return rows;
  }

  /** Rows that can move the weights, by length, so that a micro-batch wastes little. */
  List<Row> moving(boolean withoutAdvantage) {
    return rows.stream()
        .filter(row -> row.inLoss() && (withoutAdvantage || row.advantage() != 0))
        .sorted(
            Comparator.<Row>comparingInt(row -> row.sample().promptIds().length + row.tokens())
                .thenComparingInt(row -> row.sample().position())
                .thenComparingInt(row -> row.sample().sampleIndex()))
        .toList();
  }

  int learningGroups() {
    return learningGroups.size();
  }

  StepShape shape() {
    double tokens = 0;
    double learning = 0;
    int counted = 0;
    for (Row row : rows) {
      if (row.inLoss()) {
        tokens += row.tokens();
        counted++;
        learning += teaches(row) ? row.tokens() : 0;
      }
    }
    return new StepShape(tokens, learning, rows.size(), counted, maxTokens);
  }

  private boolean teaches(Row row) {
    return row.imitated() || learningGroups.contains(row.sample().position());
  }

  /** Splits rows into micro-batches of at most {@code maxTokens} tokens, prompts included. */
  static List<List<Row>> microBatches(List<Row> rows, int maxTokens) {
    List<List<Row>> batches = new ArrayList<>();
    List<Row> batch = new ArrayList<>();
    int tokens = 0;
    for (Row row : rows) {
      int length = row.sample().promptIds().length + row.tokens();
      if (!batch.isEmpty() && tokens + length > maxTokens) {
        batches.add(batch);
        batch = new ArrayList<>();
        tokens = 0;
      }
      batch.add(row);
      tokens += length;
    }
    if (!batch.isEmpty()) {
      batches.add(batch);
    }
    return batches;
  }
}
