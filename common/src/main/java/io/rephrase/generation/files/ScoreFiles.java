package io.rephrase.generation.files;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.rephrase.CheckpointException;
import io.rephrase.InputException;
import io.rephrase.generation.Stopwatch;
import io.rephrase.generation.Throughput;
import io.rephrase.lines.JsonLines;
import io.rephrase.lines.LineCounts;
import io.rephrase.memory.Machine;
import io.rephrase.model.ModelConfig;
import io.rephrase.model.PolicyFolder;
import io.rephrase.model.PolicyModels;
import io.rephrase.model.TokenScores;
import io.rephrase.model.TokenSequence;
import io.rephrase.model.TorchPolicyModel;
import java.io.InputStream;
import java.io.Writer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;

/**
 * Scores completions of JSON lines: {@code {"id","prompt"|"messages"|"prompt_ids",
 * "completion"|"completion_ids"}} in, {@code {"id","log_probs","entropies","perplexity"}} out, one
 * number a completion token, nats. Perplexity is exp of the mean negative log-probability, null for
 * an empty completion.
 */
public final class ScoreFiles {
  private static final int ROWS_TOGETHER = 32;

  private final ScorePlan memory;
  private final TorchPolicyModel model;
  private final LineTexts texts;
  private final OrderedAnswers answers;
  private final double temperature;
  private final int[] textEnd;
  private final List<Row> ready = new ArrayList<>();
  private long scoredTokens;

  private ScoreFiles(
      ScoreOptions options,
      ScorePlan memory,
      TorchPolicyModel model,
      LineTexts texts,
      OrderedAnswers answers) {
    this.memory = memory;
    this.model = model;
    this.texts = texts;
    this.answers = answers;
    this.temperature = options.temperature();
    this.textEnd = textEnd(options, model.config());
  }

  /**
   * What a run did.
   *
   * @param total completion tokens scored; from the first line read to the last one written
   */
  public record Summary(LineCounts lines, Throughput total) {

    /** Keys and numbers in one line. */
    public String text() {
      return GenerateFiles.Summary.rates("", total);
    }
  }

  private record Row(JsonElement id, TokenSequence sequence, OrderedAnswers.Answers answers) {}

  /**
   * Answers every line of {@code in} on {@code out}; closes neither.
   *
   * @param plan told what the run takes of memory before it starts
   * @throws CheckpointException if the checkpoint cannot be opened, or has no end-of-sequence token
   *     where one is wanted
   * @throws io.rephrase.ConfigurationException if a pass would not fit in the memory that is free
   */
  public static Summary run(
      ScoreOptions options, InputStream in, Writer out, Consumer<String> plan) {
    ModelConfig config = PolicyModels.configOf(PolicyFolder.of(options.checkpoint()));
    ScorePlan memory = new ScorePlan(config, options, Machine.now());
    plan.accept(memory.line());
    try (TorchPolicyModel model =
            PolicyModels.openForScoring(options.checkpoint(), options.model());
        LineTexts texts = new LineTexts(options.checkpoint(), model.config())) {
      OrderedAnswers answers = new OrderedAnswers(out);
      ScoreFiles files = new ScoreFiles(options, memory, model, texts, answers);
      Stopwatch total = new Stopwatch();
      Stopwatch.Start start = Stopwatch.Start.now();
      files.answerAll(new JsonLines(in));
      answers.finish();
      total.add(start, files.scoredTokens);
      return new Summary(answers.counts(), total.total());
    }
  }

  private static int[] textEnd(ScoreOptions options, ModelConfig config) {
    return switch (options.textEnd()) {
      case NOTHING -> new int[0];
      case EOS -> {
        if (config.eosTokenIds().isEmpty()) {
          throw new CheckpointException(
              options.checkpoint()
                  + " names no eos_token_id in config.json or generation_config.json; add it there, or score without the end");
        }
        yield new int[] {config.eosTokenIds().get(0)};
      }
    };
  }

  private void answerAll(JsonLines lines) {
    for (Optional<JsonLines.Line> line = lines.next(); line.isPresent(); line = lines.next()) {
      prepare(line.get());
      if (ready.size() == ROWS_TOGETHER) {
        scoreReady();
      }
    }
    scoreReady();
  }

  private void prepare(JsonLines.Line line) {
    OrderedAnswers.Answers place = answers.open(line.number(), 1);
    try {
      JsonObject object = line.object();
      JsonElement id = LineTexts.id(object);
      TokenSequence sequence =
          new TokenSequence(texts.promptIds(object), texts.completionIds(object, textEnd));
      checkLength(sequence);
      ready.add(new Row(id, sequence, place));
    } catch (InputException e) {
      place.fail(0, String.valueOf(e.getMessage()));
    }
  }

  private void checkLength(TokenSequence sequence) {
    int context = model.config().contextTokens();
    if (sequence.lengthTokens() > context) {
      throw new InputException(
          "prompt and completion have %d tokens, but the model's context holds %d; shorten them"
              .formatted(sequence.lengthTokens(), context));
    }
    memory
        .refusal(sequence.lengthTokens())
        .ifPresent(
            reason -> {
              throw new InputException(reason);
            });
  }

  private void scoreReady() {
    List<TokenScores> scores = model.score(ready.stream().map(Row::sequence).toList(), temperature);
    for (int i = 0; i < scores.size(); i++) {
      answer(ready.get(i), scores.get(i));
    }
    ready.clear();
  }

  private void answer(Row row, TokenScores scores) {
    scoredTokens += scores.logProbs().length;
    Optional<Double> perplexity = perplexity(scores.logProbs());
    OptionalDouble wrong =
        Arrays.stream(scores.logProbs()).filter(value -> !Double.isFinite(value)).findFirst();
    if (wrong.isPresent()) {
      row.answers()
          .fail(
              0,
              "a token's log-probability must be a finite number, got %s; the checkpoint's weights are damaged or its training diverged"
                  .formatted(wrong.getAsDouble()));
      return;
    }
    JsonObject answer = new JsonObject();
    answer.add("id", row.id());
    answer.add("log_probs", array(scores.logProbs()));
    answer.add("entropies", array(scores.entropies()));
    // Past a mean of 709 nats it is larger than a double.
    Optional<JsonElement> number = perplexity.filter(Double::isFinite).map(JsonPrimitive::new);
    answer.add("perplexity", number.orElse(JsonNull.INSTANCE));
    row.answers().put(0, answer);
  }

  private static Optional<Double> perplexity(double[] logProbs) {
    return logProbs.length == 0
        ? Optional.empty()
        : Optional.of(Math.exp(-Arrays.stream(logProbs).sum() / logProbs.length));
  }

  private static JsonArray array(double[] values) {
    JsonArray array = new JsonArray();
    Arrays.stream(values).forEach(array::add);
    return array;
  }
}
