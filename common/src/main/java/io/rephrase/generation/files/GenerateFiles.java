package io.rephrase.generation.files;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.rephrase.InputException;
import io.rephrase.data.Seeds;
import io.rephrase.generation.Completion;
import io.rephrase.generation.EngineOptions;
import io.rephrase.generation.GenerationRequest;
import io.rephrase.generation.MemoryBudget;
import io.rephrase.generation.Stopwatch;
import io.rephrase.generation.Throughput;
import io.rephrase.generation.TorchEngine;
import io.rephrase.lines.JsonLines;
import io.rephrase.lines.LineCounts;
import io.rephrase.memory.Machine;
import io.rephrase.model.ModelConfig;
import io.rephrase.model.PolicyFolder;
import io.rephrase.model.PolicyModels;
import java.io.InputStream;
import java.io.Writer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Samples completions of JSON lines: {@code {"id","prompt"|"messages"|"prompt_ids"}} in, for each
 * sample {@code {"id","sample_index","completion_ids","log_probs","text","finish_reason"}} out.
 * Lines are read as slots come free, so that input of any length streams through.
 */
public final class GenerateFiles {
  private static final String STAGE = "generate";

  private final GenerateOptions options;
  private final MemoryBudget memory;
  private final LineTexts texts;
  private final JsonLines lines;
  private final OrderedAnswers answers;
  private final Map<Long, Sample> underWay = new HashMap<>();

  private GenerateFiles(
      GenerateOptions options,
      MemoryBudget memory,
      LineTexts texts,
      JsonLines lines,
      OrderedAnswers answers) {
    this.options = options;
    this.memory = memory;
    this.texts = texts;
    this.lines = lines;
    this.answers = answers;
  }

  /**
   * What a run did.
   *
   * @param total completion tokens; from the first line read to the last one written
   * @param decode completion tokens but the first of each
   * @param prefill prompt tokens that were computed; shared prompts once
   */
  public record Summary(LineCounts lines, Throughput total, Throughput decode, Throughput prefill) {

    /** Keys and numbers in one line. */
    public String text() {
      return rates("", total) + " " + rates("decode_", decode) + " " + rates("prefill_", prefill);
    }

    static String rates(String prefix, Throughput rate) {
      return String.format(
          Locale.ROOT,
          "%1$stokens=%2$d %1$sseconds=%3$.3f %1$stokens_per_second=%4$.1f %1$stokens_per_cpu_second=%5$.1f",
          prefix,
          rate.tokens(),
          rate.seconds(),
          rate.tokensPerSecond(),
          rate.tokensPerCpuSecond());
    }
  }

  private record Sample(JsonElement id, int index, OrderedAnswers.Answers answers) {}

  /**
   * Answers every line of {@code in} on {@code out}; closes neither.
   *
   * @param plan told what the run takes of memory before it starts, a line each
   * @throws io.rephrase.CheckpointException if the checkpoint cannot be opened
   * @throws io.rephrase.ConfigurationException if one completion would not fit in the memory that
   *     is free
   */
  public static Summary run(
      GenerateOptions options, InputStream in, Writer out, Consumer<String> plan) {
    ModelConfig model = PolicyModels.configOf(PolicyFolder.of(options.checkpoint()));
    GeneratePlan memory = new GeneratePlan(model, options, Machine.now());
    memory.lines().forEach(plan);
    return run(options, in, out, memory.budget());
  }

  /** The same within a given budget. */
  static Summary run(GenerateOptions options, InputStream in, Writer out, MemoryBudget memory) {
    EngineOptions engineOptions = EngineOptions.of(options.batchSize()).within(0, memory.bytes());
    try (TorchEngine engine =
            TorchEngine.open(options.checkpoint(), options.model(), engineOptions);
        LineTexts texts = new LineTexts(options.checkpoint(), engine.config())) {
      OrderedAnswers answers = new OrderedAnswers(out);
      GenerateFiles files = new GenerateFiles(options, memory, texts, new JsonLines(in), answers);
      Stopwatch total = new Stopwatch();
      Stopwatch.Start start = Stopwatch.Start.now();
      total.add(start, files.answerAll(engine));
      answers.finish();
      return new Summary(
          answers.counts(), total.total(), engine.decodeThroughput(), engine.prefillThroughput());
    }
  }

  private long answerAll(TorchEngine engine) {
    long tokens = 0;
    Iterator<Completion> completions = engine.generate(new Requests());
    while (completions.hasNext()) {
      Completion completion = completions.next();
      tokens += completion.tokenIds().length;
      answer(completion);
    }
    return tokens;
  }

  private void answer(Completion completion) {
    Sample sample = underWay.remove(completion.key());
    if (sample == null) {
      throw new IllegalStateException("no request has the key " + completion.key());
    }
    if (completion.error().isPresent()) {
      sample.answers().fail(sample.index(), completion.error().get());
    } else {
      sample.answers().put(sample.index(), json(sample, completion));
    }
  }

  private JsonObject json(Sample sample, Completion completion) {
    JsonArray ids = new JsonArray();
    JsonArray logProbs = new JsonArray();
    for (int i = 0; i < completion.tokenIds().length; i++) {
      ids.add(completion.tokenIds()[i]);
      logProbs.add(completion.logProbs()[i]);
    }
    JsonObject answer = new JsonObject();
    answer.add("id", sample.id());
    answer.addProperty("sample_index", sample.index());
    answer.add("completion_ids", ids);
    answer.add("log_probs", logProbs);
    Optional<JsonElement> text = texts.text(completion.tokenIds()).map(JsonPrimitive::new);
    answer.add("text", text.orElse(JsonNull.INSTANCE));
    answer.addProperty("finish_reason", completion.finishReason().label());
    return answer;
  }

  /** The samples of the lines that can be used; the others are answered on the way. */
  private final class Requests implements Iterator<GenerationRequest> {
    private final Deque<GenerationRequest> ready = new ArrayDeque<>();
    private long nextKey;

    @Override
    public boolean hasNext() {
      while (ready.isEmpty()) {
        Optional<JsonLines.Line> line = lines.next();
        if (line.isEmpty()) {
          return false;
        }
        prepare(line.get());
      }
      return true;
    }

    private void prepare(JsonLines.Line line) {
      JsonElement id;
      int[] promptIds;
      try {
        JsonObject object = line.object();
        id = LineTexts.id(object);
        promptIds = texts.promptIds(object);
        checkFits(promptIds.length);
      } catch (InputException e) {
        answers.open(line.number(), 1).fail(0, String.valueOf(e.getMessage()));
        return;
      }
      OrderedAnswers.Answers places = answers.open(line.number(), options.samples());
      for (int index = 0; index < options.samples(); index++) {
        long seed = Seeds.sample(options.seed(), STAGE, 0, id.getAsString(), index);
        underWay.put(nextKey, new Sample(id, index, places));
        ready.add(new GenerationRequest(nextKey++, promptIds, seed, options.sampling()));
      }
    }

    private void checkFits(int promptTokens) {
      if (promptTokens >= texts.contextTokens()) {
        throw new InputException(
            "the prompt has %d tokens, but the model's context holds %d with its completion; shorten it"
                .formatted(promptTokens, texts.contextTokens()));
      }
      int tokens = options.sampling().mostTokens(promptTokens, texts.contextTokens());
      memory
          .refusal(promptTokens, tokens)
          .ifPresent(
              reason -> {
                throw new InputException(reason);
              });
    }

    @Override
    public GenerationRequest next() {
      if (!hasNext()) {
        throw new NoSuchElementException("all lines are read");
      }
      return ready.remove();
    }
  }
}
