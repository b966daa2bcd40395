package io.rephrase.guidance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Advantages and the filter agree with TRL's, verl's and LUFFY's own functions. */
class GoldenAdvantageTest {

  private static final double RELATIVE = 1e-9;

  @Test
  void everyEstimatorAgreesOnTenGroups() throws IOException {
    JsonObject root = read("grpo_advantages_10_groups");
    for (JsonElement element : root.getAsJsonObject("expected").getAsJsonArray("groups")) {
      JsonObject group = element.getAsJsonObject();
      String name = group.get("name").getAsString();
      double[] rewards = array(group.getAsJsonArray("rewards"));
      check(name, normalized(1e-4).estimate(rewards), group, "trl_group");
      check(name, normalized(1e-6).estimate(rewards), group, "verl_grpo");
      check(name, new MeanCentredAdvantage().estimate(rewards), group, "trl_none");
      check(name, new MeanCentredAdvantage().estimate(rewards), group, "verl_dr_grpo");
      check(
          name,
          split(SplitAdvantage.Scale.STANDARD_DEVIATION, Set.of()).estimate(rewards),
          group,
          "luffy_split_all_on_policy");
    }
  }

  @Test
  void splitBaselineAgreesWithLuffys() throws IOException {
    JsonObject root = read("luffy_grpo_split_advantage_batch_no_std");
    JsonObject inputs = root.getAsJsonObject("inputs");
    JsonArray expected = root.getAsJsonObject("expected").getAsJsonArray("advantages");
    Map<String, List<Integer>> members = new LinkedHashMap<>();
    JsonArray groups = inputs.getAsJsonArray("group");
    for (int row = 0; row < groups.size(); row++) {
      members.computeIfAbsent(groups.get(row).getAsString(), g -> new ArrayList<>()).add(row);
    }
    double[] rewards = array(inputs.getAsJsonArray("rewards"));
    double[] onPolicy = array(inputs.getAsJsonArray("on_policy"));
    // "single" has one member, which we leave at 0: there is nothing to compare it with.
    members.remove("single");
    for (List<Integer> rows : members.values()) {
      Set<Integer> off = new HashSet<>();
      double[] own = new double[rows.size()];
      for (int i = 0; i < own.length; i++) {
        own[i] = rewards[rows.get(i)];
        if (onPolicy[rows.get(i)] == 0) {
          off.add(i);
        }
      }
      double[] advantages = split(SplitAdvantage.Scale.NONE, off).estimate(own);
      for (int i = 0; i < own.length; i++) {
        double wanted = expected.get(rows.get(i)).getAsJsonArray().get(0).getAsDouble();
        assertThat(advantages[i]).isCloseTo(wanted, within(1e-9));
      }
    }
  }

  @Test
  void geometricFilterKeepsWhatVerlsKeeps() throws IOException {
    JsonObject root = read("verl_geometric_filter_seq_mean_k1_symmetric");
    JsonObject inputs = root.getAsJsonObject("inputs");
    // verl's bounds 0.8 and 1.25 on the mean ratio are |mean log ratio| <= log 1.25
    GuidancePolicy policy =
        new RephrasedGuidance(
            new GroupGate(0.5, 0.75),
            new MeanCentredAdvantage(),
            new RephrasedGuidance.Config(CandidatePick.FIRST, Math.log(1.25)));
    JsonArray kept = root.getAsJsonObject("expected").getAsJsonArray("mask");
    for (int row = 0; row < kept.size(); row++) {
      double[] mask = array(inputs.getAsJsonArray("mask").get(row).getAsJsonArray());
      double[] underQ = array(inputs.getAsJsonArray("old_log_probs").get(row).getAsJsonArray());
      double[] mu = array(inputs.getAsJsonArray("rollout_log_probs").get(row).getAsJsonArray());
      double tokens = 0;
      double logRatio = 0;
      for (int t = 0; t < mask.length; t++) {
        tokens += mask[t];
        logRatio += mask[t] * (underQ[t] - mu[t]);
      }
      Candidate candidate = new Candidate(0, true, 1, (int) tokens, -1, logRatio / tokens);
      boolean wanted = Arrays.stream(array(kept.get(row).getAsJsonArray())).sum() > 0;
      assertThat(policy.decide(new double[4], List.of(candidate)).reason())
          .as("row %d", row)
          .isEqualTo(wanted ? GuidanceReason.SUBSTITUTED : GuidanceReason.OFF_DISTRIBUTION);
    }
  }

  private static void check(String name, double[] advantages, JsonObject group, String key) {
    double[] wanted = array(group.getAsJsonArray(key));
    for (int i = 0; i < wanted.length; i++) {
      assertThat(advantages[i])
          .as("%s of %s, member %d", key, name, i)
          .isCloseTo(wanted[i], within(RELATIVE * Math.max(1, Math.abs(wanted[i]))));
    }
  }

  private static AdvantageEstimator normalized(double epsilon) {
    return new GroupNormalizedAdvantage(new GroupNormalizedAdvantage.Config(epsilon, 1));
  }

  private static AdvantageEstimator split(SplitAdvantage.Scale scale, Set<Integer> offPolicy) {
    return new SplitAdvantage(new SplitAdvantage.Config(scale, 1e-6, offPolicy));
  }

  private static double[] array(JsonArray json) {
    double[] numbers = new double[json.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = json.get(i).getAsDouble();
    }
    return numbers;
  }

  private static JsonObject read(String name) throws IOException {
    try (Reader reader =
        new InputStreamReader(
            GoldenAdvantageTest.class.getResourceAsStream("/golden/losses/" + name + ".json"),
            StandardCharsets.UTF_8)) {
      return JsonParser.parseReader(reader).getAsJsonObject();
    }
  }
}
