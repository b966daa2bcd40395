package io.rephrase.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Losses and their gradients agree with verl's, TRL's and LUFFY's own functions. */
class GoldenLossTest {

  private static final double RELATIVE = 1e-9;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "verl_agg_seq_mean_token_mean",
        "verl_agg_seq_mean_token_sum",
        "verl_agg_token_mean",
        "verl_clip_asymmetric_token_mean",
        "verl_clip_symmetric_token_mean",
        "verl_dual_clip_c3_negative_advantages",
        "verl_extreme_ratios_clamped_20",
        "verl_kl_k3",
        "verl_mask_with_holes",
        "verl_on_policy_ratio_one",
        "trl_dapo",
        "trl_dr_grpo",
        "trl_grpo",
        "trl_grpo_accumulation_4",
        "trl_grpo_beta_k3",
        "trl_on_policy_first_step",
      })
  void clippedRatioAgreesInValueAndGradient(String name) {
    Golden golden = Golden.read(name);
    KlPenalty kl = golden.kl();
    golden.check(new ClippedRatioLoss(golden.clip()), kl, golden.aggregation());
  }

  @ParameterizedTest
  @ValueSource(strings = {"luffy_paper_setting_with_token_mean"})
  void mixedPolicyAgreesInValueAndGradient(String name) {
    Golden.read(name)
        .check(
            new MixedPolicyLoss(new MixedPolicyLoss.Config(0.1)),
            new KlPenalty(0, false),
            LossAggregation.TOKEN_MEAN);
  }

  @ParameterizedTest
  @ValueSource(strings = {"luffy_sft_loss"})
  void negativeLogLikelihoodAgreesInValueAndGradient(String name) {
    Golden.read(name)
        .check(
            new NegativeLogLikelihoodLoss(), new KlPenalty(0, false), LossAggregation.TOKEN_MEAN);
  }

  /** verl's truncated importance weights are our decoupled correction. */
  @ParameterizedTest
  @ValueSource(strings = {"verl_loss_with_tis_token_max2"})
  void decoupledCorrectionAgreesInValueAndGradient(String name) {
    Golden golden = Golden.read(name);
    golden.check(
        new ClippedRatioLoss(golden.clip(Correction.DECOUPLED)), golden.kl(), golden.aggregation());
  }

  /** With x = 1 and A = 1 the loss of a token is minus its weight. */
  @Test
  void decoupledWeightsAgreeWithVerlsTruncatedImportanceWeights() {
    Golden golden = Golden.read("verl_tis_token_max2");
    double[][] old = Golden.matrix(golden.inputs().getAsJsonArray("old_log_probs"));
    double[][] mu = Golden.matrix(golden.inputs().getAsJsonArray("rollout_log_probs"));
    double[][] mask = Golden.matrix(golden.inputs().getAsJsonArray("mask"));
    double[][] weights = Golden.matrix(golden.expected().getAsJsonArray("weights"));
    ClippedRatioLoss loss =
        new ClippedRatioLoss(
            new ClippedRatioLoss.Config(0.2, 0.2, Double.POSITIVE_INFINITY, Correction.DECOUPLED));
    for (int r = 0; r < old.length; r++) {
      LossRow row =
          new LossRow(RowSource.REPHRASED, 1, old[r], old[r], mu[r], new double[0], mask[r]);
      double[] losses = loss.compute(row).losses();
      for (int t = 0; t < losses.length; t++) {
        assertThat(-losses[t]).isCloseTo(weights[r][t], within(RELATIVE * 2));
      }
    }
  }

  /** Clipped on-policy tokens beside shaped off-policy ones are our shaped correction. */
  @ParameterizedTest
  @ValueSource(strings = {"luffy_offpolicy_p_div_p_0_1"})
  void shapedCorrectionAgreesInValueAndGradient(String name) {
    ClippedRatioLoss.Config clip =
        new ClippedRatioLoss.Config(0.2, 0.2, Double.POSITIVE_INFINITY, Correction.SHAPED);
    Golden.read(name)
        .check(new ClippedRatioLoss(clip), new KlPenalty(0, false), LossAggregation.TOKEN_MEAN);
  }

  /** One reference file. */
  private record Golden(JsonObject inputs, JsonObject config, JsonObject expected) {

    static Golden read(String name) {
      String resource = "/golden/losses/" + name + ".json";
      try (Reader reader =
          new InputStreamReader(
              GoldenLossTest.class.getResourceAsStream(resource), StandardCharsets.UTF_8)) {
        JsonObject root = JsonParser.parseReader(reader).getAsJsonObject();
        return new Golden(
            root.getAsJsonObject("inputs"),
            root.getAsJsonObject("config"),
            root.getAsJsonObject("expected"));
      } catch (IOException e) {
        throw new IllegalStateException(resource, e);
      }
    }

    ClippedRatioLoss.Config clip() {
      return clip(Correction.NONE);
    }

    ClippedRatioLoss.Config clip(Correction correction) {
      boolean verl = config.has("clip_low");
      return new ClippedRatioLoss.Config(
          config.get(verl ? "clip_low" : "epsilon_low").getAsDouble(),
          config.get(verl ? "clip_high" : "epsilon_high").getAsDouble(),
          verl ? config.get("dual_clip_c").getAsDouble() : Double.POSITIVE_INFINITY,
          correction);
    }

    KlPenalty kl() {
      if (config.has("kl_coef")) {
        return new KlPenalty(config.get("kl_coef").getAsDouble(), true);
      }
      return new KlPenalty(config.has("beta") ? config.get("beta").getAsDouble() : 0, false);
    }

    LossAggregation aggregation() {
      String name =
          config.get(config.has("aggregation") ? "aggregation" : "loss_type").getAsString();
      return switch (name) {
        case "token-mean", "dapo" -> LossAggregation.TOKEN_MEAN;
        case "seq-mean-token-mean" -> LossAggregation.SEQUENCE_MEAN_TOKEN_MEAN_PLUS_EPSILON;
        case "seq-mean-token-sum" -> LossAggregation.SEQUENCE_MEAN_TOKEN_SUM;
        case "grpo" -> LossAggregation.COUNT_EMPTY_ROWS;
        case "dr_grpo" -> LossAggregation.CONSTANT_LENGTH;
        default -> throw new IllegalStateException(name);
      };
    }

    void check(PolicyLoss loss, KlPenalty kl, LossAggregation aggregation) {
      List<LossRow> rows = rows();
      StepShape shape = shape(rows);
      double total = 0;
      double[][] gradients = new double[rows.size()][];
      for (int r = 0; r < rows.size(); r++) {
        Objective objective = new Objective(loss, kl, 0, aggregation);
        Objective.Output output =
            objective.compute(rows.get(r), new double[rows.get(r).logProbs().length], shape);
        total += output.loss();
        gradients[r] = output.gradients().logProbs();
      }
      double loss0 = expected.get("loss").getAsDouble();
      assertThat(total).isCloseTo(loss0, within(RELATIVE * Math.max(1, Math.abs(loss0))));
      double[][] wanted = matrix(expected.getAsJsonArray("grad_log_probs"));
      for (int r = 0; r < wanted.length; r++) {
        for (int t = 0; t < wanted[r].length; t++) {
          assertThat(gradients[r][t])
              .as("row %d token %d", r, t)
              .isCloseTo(wanted[r][t], within(RELATIVE * Math.max(1e-3, Math.abs(wanted[r][t]))));
        }
      }
    }

    private StepShape shape(List<LossRow> rows) {
      double tokens = rows.stream().mapToDouble(LossRow::maskedTokens).sum();
      int counted = (int) rows.stream().filter(row -> row.maskedTokens() > 0).count();
      int max = rows.get(0).logProbs().length;
      // TRL divides a micro-batch's loss by their number: the rows of all of them.
      int microBatches =
          config.has("gradient_accumulation_steps")
              ? config.get("gradient_accumulation_steps").getAsInt()
              : 1;
      return new StepShape(tokens, tokens, rows.size() * microBatches, counted, max);
    }

    private List<LossRow> rows() {
      double[][] logProbs = matrix(inputs.getAsJsonArray("log_probs"));
      double[][] mask = matrix(inputs.getAsJsonArray("mask"));
      double[][] old =
          inputs.has("old_log_probs") ? matrix(inputs.getAsJsonArray("old_log_probs")) : logProbs;
      List<LossRow> rows = new ArrayList<>();
      for (int r = 0; r < logProbs.length; r++) {
        double[] reference =
            inputs.has("ref_log_probs")
                ? matrix(inputs.getAsJsonArray("ref_log_probs"))[r]
                : new double[0];
        rows.add(
            new LossRow(
                source(r),
                advantage(r),
                logProbs[r],
                old[r],
                behaviour(r, old[r]),
                reference,
                mask[r]));
      }
      return rows;
    }

    /** mu such that exp(l_old - mu) is the weight in the file; any, where only f(p) counts. */
    private double[] behaviour(int row, double[] old) {
      if (!inputs.has("rollout_is_weights")) {
        return inputs.has("off_policy_mask") ? old : new double[0];
      }
      double[] weights = matrix(inputs.getAsJsonArray("rollout_is_weights"))[row];
      double[] behaviour = new double[old.length];
      for (int t = 0; t < old.length; t++) {
        behaviour[t] = weights[t] > 0 ? old[t] - Math.log(weights[t]) : 0;
      }
      return behaviour;
    }

    private RowSource source(int row) {
      if (inputs.has("rollout_is_weights")) {
        return RowSource.REPHRASED;
      }
      if (!inputs.has("off_policy_mask")) {
        return RowSource.ON_POLICY;
      }
      double[] off = matrix(inputs.getAsJsonArray("off_policy_mask"))[row];
      return off[0] > 0 ? RowSource.REPHRASED : RowSource.ON_POLICY;
    }

    private double advantage(int row) {
      if (inputs.has("seq_advantages")) {
        return inputs.getAsJsonArray("seq_advantages").get(row).getAsDouble();
      }
      return inputs.has("advantages") ? matrix(inputs.getAsJsonArray("advantages"))[row][0] : 1;
    }

    private static double[][] matrix(JsonArray rows) {
      double[][] matrix = new double[rows.size()][];
      for (int r = 0; r < matrix.length; r++) {
        JsonArray row = rows.get(r).getAsJsonArray();
        matrix[r] = new double[row.size()];
        for (int t = 0; t < matrix[r].length; t++) {
          matrix[r][t] =
              row.get(t).getAsJsonPrimitive().isBoolean()
                  ? (row.get(t).getAsBoolean() ? 1 : 0)
                  : row.get(t).getAsDouble();
        }
      }
      return matrix;
    }
  }
}
