package io.rephrase.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.Gson;
import io.rephrase.data.FinishReason;
import io.rephrase.model.ModelOptions;
import io.rephrase.model.TokenSequence;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Cached decoding against transformers' greedy continuations and our own full forwards. */
class TorchEngineTest {
  private static final String LLAMA = "llama-gqa-tied";
  private static final SamplingParams GREEDY = new SamplingParams(1, 1, 0, true, 32, true);

  record Expected(List<Greedy> greedy) {}

  record Greedy(int[] prompt, int[] completion) {}

  @ParameterizedTest
  @ValueSource(
      strings = {
        "llama-gqa-tied",
        "llama-mha-untied-rope-scaled",
        "qwen2-gqa-tied",
        "qwen3-gqa-untied"
      })
  void greedyContinuationsAreThoseOfTransformersAloneAndMixed(String name) throws Exception {
    List<Greedy> cases = expected(name).greedy();
    for (int slots : new int[] {1, 3, 4}) {
      try (TorchEngine engine = open(name, EngineOptions.of(slots))) {
        Map<Long, Completion> completions = run(engine, requests(cases));
        for (int i = 0; i < cases.size(); i++) {
          Completion completion = completions.get((long) i);
          assertThat(completion.tokenIds()).isEqualTo(cases.get(i).completion());
          assertThat(completion.finishReason()).isEqualTo(endOf(engine, completion));
          checkScores(engine, cases.get(i).prompt(), completion, 1);
        }
      }
    }
  }

  @Test
  void aSampleDoesNotDependOnItsNeighboursAndItsLogProbsAreThoseOfAFullForward() throws Exception {
    SamplingParams warm = new SamplingParams(0.7, 0.9, 40, false, 20, false);
    int[] prompt = expected(LLAMA).greedy().get(2).prompt();
    int[] other = expected(LLAMA).greedy().get(1).prompt();
    List<GenerationRequest> requests = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      SamplingParams sampling = new SamplingParams(0.7, 0.9, 40, false, 3 + 2 * i, false);
      requests.add(new GenerationRequest(i, i == 4 ? other : prompt, 100 + i, sampling));
    }
    requests.add(new GenerationRequest(9, prompt, 7, warm));
    try (TorchEngine many = open(LLAMA, EngineOptions.of(4));
        TorchEngine one = open(LLAMA, EngineOptions.of(1))) {
      Map<Long, Completion> together = run(many, requests);
      Map<Long, Completion> alone = run(one, requests);
      assertThat(together).hasSize(10);
      for (GenerationRequest request : requests) {
        Completion completion = together.get(request.key());
        assertThat(completion.tokenIds()).isEqualTo(alone.get(request.key()).tokenIds());
        checkScores(many, request.promptIds(), completion, 0.7);
      }
    }
  }

  @Test
  void drawsFollowTheSoftmax() throws Exception {
    int[] prompt = expected(LLAMA).greedy().get(1).prompt();
    SamplingParams once = new SamplingParams(1, 1, 0, false, 1, false);
    int draws = 4000;
    List<GenerationRequest> requests = new ArrayList<>();
    for (int i = 0; i < draws; i++) {
      requests.add(new GenerationRequest(i, prompt, i, once));
    }
    try (TorchEngine engine = open(LLAMA, EngineOptions.of(8))) {
      int[] counts = new int[engine.config().vocabularySize()];
      run(engine, requests).values().forEach(completion -> counts[completion.tokenIds()[0]]++);
      double chiSquare = 0;
      for (int id = 0; id < counts.length; id++) {
        TokenSequence row = new TokenSequence(prompt, new int[] {id});
        double wanted = draws * Math.exp(engine.score(List.of(row), 1).get(0).logProbs()[0]);
        chiSquare += (counts[id] - wanted) * (counts[id] - wanted) / wanted;
      }
      // 159 degrees of freedom: mean 159, standard deviation sqrt(2 * 159) = 17.8; four of them
      assertThat(chiSquare).isBetween(159 - 72.0, 159 + 72.0);
    }
  }

  @Test
  void aPromptThatFillsTheContextEndsWithoutTokens() {
    try (TorchEngine engine = open(LLAMA, EngineOptions.of(2).within(6, Long.MAX_VALUE))) {
      List<GenerationRequest> requests =
          List.of(
              new GenerationRequest(0, new int[6], 0, GREEDY),
              new GenerationRequest(1, new int[4], 0, GREEDY));
      Map<Long, Completion> completions = run(engine, requests);
      assertThat(completions.get(0L).tokenIds()).isEmpty();
      assertThat(completions.get(0L).finishReason()).isEqualTo(FinishReason.CONTEXT);
      assertThat(completions.get(1L).tokenIds()).hasSize(2);
      assertThat(completions.get(1L).finishReason()).isEqualTo(FinishReason.CONTEXT);
    }
  }

  @Test
  void aCancelledTaskStopsGeneration() {
    try (TorchEngine engine = open(LLAMA, EngineOptions.of(2).cancelledBy(() -> true))) {
      GenerationRequest request = new GenerationRequest(0, new int[] {1}, 0, GREEDY);
      assertThatThrownBy(() -> engine.generate(List.of(request).iterator()).next())
          .isInstanceOf(InterruptedGenerationException.class)
          .hasMessage("generation was cancelled by its task");
    }
  }

  @Test
  void requestsWaitForMemoryAndTheirCompletionsAreTheSame() {
    List<GenerationRequest> requests = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      SamplingParams sampling = new SamplingParams(0.7, 0.9, 40, false, 8, false);
      requests.add(new GenerationRequest(i, new int[] {5 + i / 2, 9, 2}, 100 + i, sampling));
    }
    // a block of 128 tokens of 384 bytes, and 48 x 160 of logits: 56,832 bytes a row; a pass takes
    // 4224 a token, so that three rows do not fit and two with their six tokens do
    EngineOptions four = EngineOptions.of(4);
    try (TorchEngine free = open(LLAMA, four);
        TorchEngine tight = open(LLAMA, four.within(0, 3 * 56_832 - 1))) {
      Asked all = new Asked(requests.iterator());
      Asked some = new Asked(requests.iterator());
      Iterator<Completion> together = free.generate(all);
      Iterator<Completion> apart = tight.generate(some);
      // all have 8 tokens: when the first of them ends 4 were taken, or 2 and one that waits
      assertThat(together.hasNext()).isTrue();
      assertThat(apart.hasNext()).isTrue();
      assertThat(all.taken).isEqualTo(4);
      assertThat(some.taken).isEqualTo(3);
      Map<Long, Completion> expected = byKey(together);
      Map<Long, Completion> completions = byKey(apart);
      assertThat(completions).hasSize(9);
      expected.forEach(
          (key, completion) ->
              assertThat(completions.get(key).tokenIds()).isEqualTo(completion.tokenIds()));
    }
  }

  @Test
  void completionsComeOutBeforeMoreRequestsAreTakenThanThereAreSlots() {
    List<GenerationRequest> requests = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      // every second one ends a step after it began
      SamplingParams sampling = new SamplingParams(1, 1, 0, false, i % 2 == 0 ? 2 : 9, false);
      requests.add(new GenerationRequest(i, new int[] {5 + i, 9}, 100 + i, sampling));
    }
    try (TorchEngine engine = open(LLAMA, EngineOptions.of(4))) {
      Asked asked = new Asked(requests.iterator());
      Iterator<Completion> completions = engine.generate(asked);
      for (int answered = 0; completions.hasNext(); answered++) {
        assertThat(asked.taken).isLessThanOrEqualTo(answered + 2 * 4);
        completions.next();
      }
      assertThat(asked.taken).isEqualTo(40);
    }
  }

  @Test
  void aRequestThatCouldNeverFitFailsAndTheOthersGoOn() {
    try (TorchEngine engine = open(LLAMA, EngineOptions.of(2).within(0, 130_000))) {
      Map<Long, Completion> completions =
          run(
              engine,
              List.of(
                  new GenerationRequest(0, new int[4], 0, GREEDY),
                  new GenerationRequest(1, new int[200], 0, GREEDY),
                  new GenerationRequest(2, new int[4], 0, GREEDY)));
      assertThat(completions.get(0L).error()).isEmpty();
      assertThat(completions.get(1L).error().orElseThrow())
          .contains("the prompt has 200 tokens, with its completion up to 232, which take")
          .contains("but 130000 are left beside the weights; shorten it");
      assertThat(completions.get(2L).tokenIds()).isEqualTo(completions.get(0L).tokenIds());
    }
  }

  /** Counts requests as they are taken. */
  private static final class Asked implements Iterator<GenerationRequest> {
    private final Iterator<GenerationRequest> requests;
    private int taken;

    Asked(Iterator<GenerationRequest> requests) {
      this.requests = requests;
    }

    @Override
    public boolean hasNext() {
      return requests.hasNext();
    }

    @Override
    public GenerationRequest next() {
      taken++;
      return requests.next();
    }
  }

  private static List<GenerationRequest> requests(List<Greedy> cases) {
    List<GenerationRequest> requests = new ArrayList<>();
    for (int i = 0; i < cases.size(); i++) {
      requests.add(new GenerationRequest(i, cases.get(i).prompt(), i, GREEDY));
    }
    return requests;
  }

  private static Map<Long, Completion> run(TorchEngine engine, List<GenerationRequest> requests) {
    return byKey(engine.generate(requests.iterator()));
  }

  private static Map<Long, Completion> byKey(Iterator<Completion> answers) {
    Map<Long, Completion> completions = new TreeMap<>();
    answers.forEachRemaining(c -> completions.put(c.key(), c));
    return completions;
  }

  private static void checkScores(
      TorchEngine engine, int[] prompt, Completion completion, double temperature) {
    TokenSequence row = new TokenSequence(prompt, completion.tokenIds());
    double[] logProbs = engine.score(List.of(row), temperature).get(0).logProbs();
    for (int i = 0; i < logProbs.length; i++) {
      assertThat((double) completion.logProbs()[i]).isCloseTo(logProbs[i], within(1e-4));
    }
  }

  /** The last token tells, even where the limit is reached with it. */
  private static FinishReason endOf(TorchEngine engine, Completion completion) {
    int last = completion.tokenIds()[completion.tokenIds().length - 1];
    return engine.config().eosTokenIds().contains(last) ? FinishReason.EOS : FinishReason.LENGTH;
  }

  private static Expected expected(String name) throws Exception {
    return new Gson()
        .fromJson(Files.readString(folder(name).resolve("expected.json")), Expected.class);
  }

  private static TorchEngine open(String name, EngineOptions options) {
    return TorchEngine.open(folder(name), ModelOptions.defaults().on("cpu"), options);
  }

  private static Path folder(String name) {
    return Path.of("src/test/resources/golden/checkpoints", name);
  }
}
