package io.rephrase.bench;

import io.rephrase.data.Seeds;
import io.rephrase.generation.Completion;
import io.rephrase.generation.GenerationRequest;
import io.rephrase.generation.SamplingParams;
import io.rephrase.generation.Stopwatch;
import io.rephrase.generation.Throughput;
import io.rephrase.generation.TorchEngine;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Measures an engine: prompts of random ids, sampling at temperature 1, no end before the limit.
 */
final class DecodeBench {

  /** So many requests for each slot, where completions differ in length. */
  private static final int RAGGED_ROUNDS = 4;

  private final TorchEngine engine;
  private final BenchPlan plan;
  private final ModelCost cost;
  private final MachineRates machine;

  DecodeBench(TorchEngine engine, BenchPlan plan, MachineRates machine) {
    this.engine = engine;
    this.plan = plan;
    this.cost = new ModelCost(engine.config());
    this.machine = machine;
  }

  /**
   * A run over requests.
   *
   * @param total completion tokens, over all of its time
   */
  private record Run(Throughput prefill, Throughput decode, Throughput total) {}

  List<Measurement> measure() {
    List<GenerationRequest> even = requests(plan.rows(), 1, List.of(plan.newTokens()));
    List<GenerationRequest> ragged = requests(RAGGED_ROUNDS * plan.rows(), 1, raggedLengths());
    List<GenerationRequest> groups =
        requests(plan.rows(), plan.groupSize(), List.of(plan.newTokens()));
    run(even);
    Run bestEven = best(even);
    Run bestRagged = best(ragged);
    Run bestGroups = best(groups);
    return List.of(
        named("prefill", bestEven.prefill(), prefillSeconds(bestEven)),
        named("decode", bestEven.decode(), decodeSeconds(bestEven)),
        named("generate", bestEven.total(), prefillSeconds(bestEven) + decodeSeconds(bestEven)),
        named("generate_groups", bestGroups.total(), seconds(bestGroups)),
        named("generate_ragged", bestRagged.total(), seconds(bestRagged)));
  }

  private Measurement named(String name, Throughput rate, double limitSeconds) {
    return new Measurement(name + " rows=" + plan.rows(), rate, limitSeconds);
  }

  private double seconds(Run run) {
    return prefillSeconds(run) + decodeSeconds(run);
  }

  private double prefillSeconds(Run run) {
    double prompts = (double) run.prefill().tokens() / plan.promptTokens();
    double bytes = (double) Float.BYTES * cost.matrixNumbers();
    return prompts * machine.seconds(cost.prefillFlops(plan.promptTokens()), bytes);
  }

  /** As if every step had full rows, each half through its completion. */
  private double decodeSeconds(Run run) {
    double seen = plan.promptTokens() + plan.newTokens() / 2.0;
    double steps = (double) run.decode().tokens() / plan.rows();
    return steps
        * machine.seconds(cost.stepFlops(plan.rows(), seen), cost.stepBytes(plan.rows(), seen));
  }

  /** A quarter to seven quarters of the plan's length, its mean. */
  private List<Integer> raggedLengths() {
    List<Integer> lengths = new ArrayList<>();
    int requests = RAGGED_ROUNDS * plan.rows();
    for (int i = 0; i < requests; i++) {
      // a stride that shares no factor with the count deals them out in mixed order
      double place = (i * 37L % requests + 0.5) / requests;
      double share =
          BenchPlan.SHORTEST_SHARE + (BenchPlan.LONGEST_SHARE - BenchPlan.SHORTEST_SHARE) * place;
      lengths.add((int) Math.max(1, Math.round(plan.newTokens() * share)));
    }
    return lengths;
  }

  private List<GenerationRequest> requests(int count, int sharing, List<Integer> lengths) {
    List<GenerationRequest> requests = new ArrayList<>();
    int[] prompt = {};
    for (int i = 0; i < count; i++) {
      if (i % sharing == 0) {
        prompt = BenchIds.of(plan.promptTokens(), engine.config().vocabularySize(), i);
      }
      int tokens = lengths.get(i % lengths.size());
      SamplingParams sampling = new SamplingParams(1, 1, 0, false, tokens, false);
      requests.add(new GenerationRequest(i, prompt, Seeds.sample(0, "bench", 0, "", i), sampling));
    }
    return requests;
  }

  private Run best(List<GenerationRequest> requests) {
    Run best = run(requests);
    for (int i = 1; i < plan.repeats(); i++) {
      Run next = run(requests);
      best = next.total().seconds() < best.total().seconds() ? next : best;
    }
    return best;
  }

  private Run run(List<GenerationRequest> requests) {
    Throughput prefill = engine.prefillThroughput();
    Throughput decode = engine.decodeThroughput();
    Stopwatch watch = new Stopwatch();
    Stopwatch.Start start = Stopwatch.Start.now();
    long tokens = 0;
    Iterator<Completion> completions = engine.generate(requests.iterator());
    while (completions.hasNext()) {
      tokens += completions.next().tokenIds().length;
    }
    watch.add(start, tokens);
    return new Run(
        engine.prefillThroughput().since(prefill),
        engine.decodeThroughput().since(decode),
        watch.total());
  }
}
