package io.rephrase.jobs.table;

import io.rephrase.TableException;
import io.rephrase.data.Label;
import io.rephrase.data.RunEvent;
import io.rephrase.data.RunStatus;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The events of one run, and what follows from them: the plans of its stages and their generations.
 * Only the driver that owns the run (see {@link RunOwnership}) may append. Not thread-safe.
 */
public final class RunLog {

  /**
   * What every event of one command says.
   *
   * @param runId the run
   * @param command that is running
   * @param codeVersion of this software
   */
  public record Author(String runId, String command, String codeVersion) {}

  private final ControlTables tables;
  private final Author author;
  private final Clock clock;
  private final List<RunEvent> events;

  private RunLog(ControlTables tables, Author author, Clock clock) {
    this.tables = tables;
    this.author = author;
    this.clock = clock;
    this.events = new ArrayList<>(tables.events(author.runId()));
  }

  /**
   * Reads the events of the author's run.
   *
   * @throws TableException if the run was deleted: the marks of its chunks are still in the tables'
   *     logs, and a run of the same name would take them for its own
   */
  public static RunLog open(ControlTables tables, Author author, Clock clock) {
    RunLog log = openEvenDeleted(tables, author, clock);
    log.lastOf(RunStatus.DELETED)
        .ifPresent(
            event -> {
              throw new TableException(
                  "run %s was deleted at %s and its name stays taken; choose another run.name"
                      .formatted(author.runId(), event.at()));
            });
    return log;
  }

  /** The same for a run that may have been deleted: to delete what is left of it. */
  public static RunLog openEvenDeleted(ControlTables tables, Author author, Clock clock) {
    return new RunLog(tables, author, clock);
  }

  /** Appends the event that the run was deleted, once. */
  public void deleted() {
    if (lastOf(RunStatus.DELETED).isEmpty()) {
      note(RunStatus.DELETED, "rows and checkpoints are gone");
    }
  }

  public String runId() {
    return author.runId();
  }

  /** All events by sequence; empty for a run that has not begun. */
  public List<RunEvent> events() {
    return List.copyOf(events);
  }

  /** The configuration the run was started with: its first event, once there is one. */
  public Optional<RunEvent> first() {
    return events.stream().findFirst();
  }

  /** The newest event of one of these kinds. */
  public Optional<RunEvent> lastOf(RunStatus... kinds) {
    Set<RunStatus> wanted = Set.of(kinds);
    return events.stream()
        .filter(event -> wanted.contains(event.status()))
        .reduce((earlier, later) -> later);
  }

  /** Of the newest configuration the run was begun or resumed with. */
  public Optional<String> configHash() {
    return lastOf(RunStatus.STARTED, RunStatus.RESUMED).flatMap(RunEvent::configHash);
  }

  /** Appends the event that a command began or resumed the run with this configuration. */
  public void began(
      RunStatus status, String configJson, String configHash, Map<String, String> inputs) {
    append(
        event(status)
            .with(Optional.of(configJson), Optional.of(configHash), inputs, Optional.empty()));
  }

  /** Appends an event that is about the whole run. */
  public void note(RunStatus status, String message) {
    append(event(status).with(Optional.empty(), Optional.empty(), Map.of(), Optional.of(message)));
  }

  /**
   * The stored plan of a stage, storing it first if there is none for its current generation.
   *
   * @param chunks of a new plan; a stored one keeps its own, whatever the cluster's size is now
   * @throws TableException if a redo is unfinished
   */
  public StagePlan plan(Stage stage, int iteration, int chunks) {
    Optional<StagePlan> stored = plan(stage, iteration);
    if (stored.isPresent()) {
      return stored.get();
    }
    StagePlan plan = new StagePlan(runId(), stage, iteration, generation(stage, iteration), chunks);
    append(stageEvent(RunStatus.PLANNED, plan, Optional.empty()));
    return plan;
  }

  /**
   * The stored plan of a stage in its current generation, the chunks of all its rounds in it.
   *
   * @throws TableException if a redo is unfinished
   */
  public Optional<StagePlan> plan(Stage stage, int iteration) {
    List<RunEvent> planned = planned(stage, iteration);
    if (planned.isEmpty()) {
      return Optional.empty();
    }
    int chunks = planned.stream().mapToInt(event -> event.chunks().orElse(0)).sum();
    return Optional.of(plan(planned.get(0), chunks));
  }

  /**
   * The rounds of a stage that were planned, in order.
   *
   * @throws TableException if a redo is unfinished, or the stage was planned without its prompts
   */
  public List<StageRound> rounds(Stage stage, int iteration) {
    List<RunEvent> planned = planned(stage, iteration);
    List<StageRound> rounds = new ArrayList<>();
    int position = 0;
    int chunk = 0;
    for (RunEvent event : planned) {
      int prompts = event.prompts().orElseThrow(() -> withoutPrompts(stage, iteration));
      int chunks = event.chunks().orElse(0);
      rounds.add(
          new StageRound(
              plan(event, chunk + chunks), rounds.size(), position, prompts, chunk, chunks));
      position += prompts;
      chunk += chunks;
    }
    return rounds;
  }

  private TableException withoutPrompts(Stage stage, int iteration) {
    return new TableException(
        "stage %s of run %s, iteration %d, was planned by a version that did not store how many prompts it draws; redo the stage, or start another run.name"
            .formatted(stage.label(), runId(), iteration));
  }

  /** Stores one more round of a stage, numbered on from those before it, and returns it. */
  public StageRound planRound(Stage stage, int iteration, int prompts, int chunks) {
    StagePlan plan = new StagePlan(runId(), stage, iteration, generation(stage, iteration), chunks);
    append(stageEvent(RunStatus.PLANNED, plan, Optional.of(prompts)));
    List<StageRound> rounds = rounds(stage, iteration);
    return rounds.get(rounds.size() - 1);
  }

  private List<RunEvent> planned(Stage stage, int iteration) {
    unfinishedRedo()
        .ifPresent(
            redo -> {
              throw new TableException(
                  "a redo of stage %s of run %s, iteration %d, is not finished; run the same redo again"
                      .formatted(redo.stage().label(), runId(), redo.iteration()));
            });
    Optional<Integer> generation = Optional.of(generation(stage, iteration));
    return events.stream()
        .filter(event -> event.status() == RunStatus.PLANNED)
        .filter(event -> event.stage().equals(Optional.of(stage.label())))
        .filter(event -> event.iteration().equals(Optional.of(iteration)))
        .filter(event -> event.generation().equals(generation))
        .toList();
  }

  /** How often this stage of this iteration was ordered to be made again, from 0. */
  public int generation(Stage stage, int iteration) {
    return plans(RunStatus.REDO_STARTED).stream()
        .filter(redo -> redo.iteration() == iteration && stage.isRemadeBy(redo.stage()))
        .mapToInt(StagePlan::generation)
        .max()
        .orElse(0);
  }

  /** The redo that was started and not finished, its new generation in {@code generation}. */
  Optional<StagePlan> unfinishedRedo() {
    List<StagePlan> finished = plans(RunStatus.REDO_FINISHED);
    return plans(RunStatus.REDO_STARTED).stream()
        .filter(redo -> !finished.contains(redo))
        .findFirst();
  }

  /** Every plan ever stored, of all generations, the chunks of all its rounds in it. */
  List<StagePlan> plans() {
    Map<StagePlan, Integer> chunks = new LinkedHashMap<>();
    for (StagePlan round : plans(RunStatus.PLANNED)) {
      chunks.merge(round.withChunks(0), round.chunks(), Integer::sum);
    }
    return chunks.entrySet().stream()
        .map(plan -> plan.getKey().withChunks(plan.getValue()))
        .toList();
  }

  void redo(RunStatus status, StagePlan redo) {
    append(stageEvent(status, redo, Optional.empty()));
  }

  private List<StagePlan> plans(RunStatus status) {
    return events.stream()
        .filter(event -> event.status() == status)
        .map(event -> plan(event, event.chunks().orElse(0)))
        .toList();
  }

  private static StagePlan plan(RunEvent event, int chunks) {
    return new StagePlan(
        event.runId(),
        Label.parse(Stage.class, event.stage().orElseThrow()),
        event.iteration().orElseThrow(),
        event.generation().orElseThrow(),
        chunks);
  }

  private void append(RunEvent event) {
    String transaction = "%s/event/%d".formatted(runId(), event.sequence());
    if (!tables.append(Tables.RUNS, List.of(event), transaction)) {
      throw new TableException(
          "another driver wrote event %d of run %s: only one may own a run; stop the other, then run this command again"
              .formatted(event.sequence(), runId()));
    }
    events.add(event);
  }

  private Draft event(RunStatus status) {
    return new Draft(author, events.size(), status, clock.instant().truncatedTo(ChronoUnit.MICROS));
  }

  private RunEvent stageEvent(RunStatus status, StagePlan plan, Optional<Integer> prompts) {
    Draft draft = event(status);
    return new RunEvent(
        author.runId(),
        draft.sequence(),
        status,
        draft.at(),
        author.command(),
        Optional.empty(),
        Optional.empty(),
        author.codeVersion(),
        Optional.of(plan.stage().label()),
        Optional.of(plan.iteration()),
        Optional.of(plan.generation()),
        Optional.of(plan.chunks()),
        prompts,
        Map.of(),
        Optional.empty());
  }

  private record Draft(Author author, long sequence, RunStatus status, Instant at) {
    RunEvent with(
        Optional<String> configJson,
        Optional<String> configHash,
        Map<String, String> inputs,
        Optional<String> message) {
      return new RunEvent(
          author.runId(),
          sequence,
          status,
          at,
          author.command(),
          configJson,
          configHash,
          author.codeVersion(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          inputs,
          message);
    }
  }
}
