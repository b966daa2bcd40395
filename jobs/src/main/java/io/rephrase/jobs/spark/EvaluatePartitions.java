package io.rephrase.jobs.spark;

import io.rephrase.data.Evaluation;
import io.rephrase.data.Prompt;
import io.rephrase.data.Seeds;
import io.rephrase.evaluation.AnswerClusters;
import io.rephrase.generation.Completion;
import io.rephrase.generation.GenerationRequest;
import io.rephrase.generation.SamplingParams;
import io.rephrase.jobs.table.RecordCodec;
import io.rephrase.reward.Verifiers;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Row;

/**
 * On an executor: answers and grades benchmark problems, one row of {@code evaluations} an answer,
 * by position and sample.
 */
public final class EvaluatePartitions implements FlatMapFunction<PromptRows, Row> {

  private static final long serialVersionUID = 1;

  /**
   * What all tasks of a benchmark share.
   *
   * @param benchmark name in the configuration
   * @param decodingHash of decoding settings and templates
   * @param samples a problem
   * @param runSeed of the run
   * @param sampling how tokens are drawn
   * @param journal of the chunk's answers
   */
  public record Settings(
      String benchmark,
      String decodingHash,
      int samples,
      long runSeed,
      SamplingParams sampling,
      AnswerJournal journal)
      implements Serializable {}

  private final EngineSpec engine;
  private final PromptSpec prompts;
  private final Settings settings;
  private final RecordCodec<Prompt> promptCodec;
  private final RecordCodec<Evaluation> evaluationCodec;

  public EvaluatePartitions(
      EngineSpec engine,
      PromptSpec prompts,
      Settings settings,
      RecordCodec<Prompt> promptCodec,
      RecordCodec<Evaluation> evaluationCodec) {
    this.engine = engine;
    this.prompts = prompts;
    this.settings = settings;
    this.promptCodec = promptCodec;
    this.evaluationCodec = evaluationCodec;
  }

  @Override
  public Iterator<Row> call(PromptRows share) {
    List<Prompt> asked = share.prompts().stream().map(promptCodec::fromRow).toList();
    try (ExecutorEngines.Lease lease = ExecutorEngines.acquire(engine, PolicyLoader.of(engine))) {
      Answers answers = new Answers(lease.policy(), prompts);
      Iterator<Completion> completions =
          ModelClock.timed(
              settings
                  .journal()
                  .generate(lease.policy().engine(), requests(asked, answers).iterator()));
      SortedMap<Long, Grade> answered = new TreeMap<>();
      while (completions.hasNext()) {
        Completion completion = completions.next();
        Prompt prompt = asked.get((int) (completion.key() / settings.samples()));
        answered.put(completion.key(), new Grade(completion, answers.grade(prompt, completion)));
      }
      List<Answered> graded = answered.values().stream().map(Grade::answered).toList();
      return evaluations(asked, share.positions(), graded).map(evaluationCodec::toRow).iterator();
    }
  }

  /** By prompt and sample. */
  private Stream<Evaluation> evaluations(
      List<Prompt> asked, List<Integer> positions, List<Answered> answered) {
    List<Evaluation> evaluations = new ArrayList<>();
    for (int prompt = 0; prompt < asked.size(); prompt++) {
      int from = prompt * settings.samples();
      List<Answered> own = answered.subList(from, from + settings.samples());
      List<OptionalInt> clusters = clusters(asked.get(prompt), own);
      for (int sample = 0; sample < own.size(); sample++) {
        evaluations.add(
            evaluation(
                asked.get(prompt),
                positions.get(prompt),
                sample,
                own.get(sample),
                clusters.get(sample)));
      }
    }
    return evaluations.stream();
  }

  private static List<OptionalInt> clusters(Prompt prompt, List<Answered> answered) {
    List<AnswerClusters.Answer> votes =
        answered.stream()
            .map(
                one ->
                    new AnswerClusters.Answer(
                        one.graded().extracted(), one.graded().reward().orElse(0.0) == 1))
            .toList();
    return AnswerClusters.of(votes, Verifiers.forPrompt(prompt)::same);
  }

  private List<GenerationRequest> requests(List<Prompt> asked, Answers answers) {
    List<GenerationRequest> requests = new ArrayList<>();
    for (Prompt prompt : asked) {
      int[] promptIds = answers.questionIds(prompt);
      for (int sample = 0; sample < settings.samples(); sample++) {
        requests.add(
            new GenerationRequest(
                requests.size(), promptIds, seed(prompt, sample), settings.sampling()));
      }
    }
    return requests;
  }

  private long seed(Prompt prompt, int sample) {
    return Seeds.sample(
        settings.runSeed(),
        "evaluate/" + settings.benchmark(),
        engine.policyVersion(),
        Answers.key(prompt),
        sample);
  }

  private Evaluation evaluation(
      Prompt prompt, int position, int sample, Answered answered, OptionalInt cluster) {
    Completion completion = answered.completion();
    Answers.Graded graded = answered.graded();
    return new Evaluation(
        engine.runId(),
        engine.policyVersion(),
        settings.benchmark(),
        prompt.dataset(),
        prompt.promptId(),
        settings.decodingHash(),
        sample,
        position,
        seed(prompt, sample),
        prompt.difficulty(),
        Optional.ofNullable(prompt.metadata().get("subject")),
        completion.finishReason(),
        graded.reward(),
        graded.extracted(),
        cluster.isPresent() ? Optional.of(cluster.getAsInt()) : Optional.empty(),
        graded.rule(),
        graded.status(),
        completion.tokens(),
        completion.error(),
        completion.latencyMs(),
        graded.judgeAnswer(),
        graded.text());
  }

  /** A completion whose verdict may be under way. */
  private record Grade(Completion completion, Grading grading) {
    Answered answered() {
      return new Answered(completion, grading.graded());
    }
  }

  private record Answered(Completion completion, Answers.Graded graded) {}
}
