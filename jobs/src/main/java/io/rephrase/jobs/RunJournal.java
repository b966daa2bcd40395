package io.rephrase.jobs;

import io.rephrase.data.RunEvent;
import io.rephrase.data.RunStatus;
import io.rephrase.jobs.table.ControlTables;
import io.rephrase.jobs.table.Stage;
import io.rephrase.jobs.table.StagePlan;
import io.rephrase.jobs.table.Tables;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The events of one run: what was asked, and into how many chunks each stage was planned. Only the
 * driver that owns the run writes it. Not thread-safe.
 */
final class RunJournal {

  private final ControlTables control;
  private final String runId;
  private final String command;
  private final Clock clock;
  private final List<RunEvent> events;

  RunJournal(ControlTables control, String runId, String command, Clock clock) {
    this.control = control;
    this.runId = runId;
    this.command = command;
    this.clock = clock;
    this.events = new ArrayList<>(control.events(runId));
  }

  List<RunEvent> events() {
    return List.copyOf(events);
  }

  /** The configuration the run was started with, if it was. */
  Optional<RunEvent> started() {
    return events.stream().filter(event -> event.status() == RunStatus.STARTED).findFirst();
  }

  void started(RunStatus status, String configJson, String configHash) {
    add(
        new RunEvent(
            runId,
            events.size(),
            status,
            clock.instant(),
            command,
            Optional.of(configJson),
            Optional.of(configHash),
            CodeVersion.current(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Map.of(),
            Optional.empty()));
  }

  void ended(RunStatus status, String message) {
    add(
        new RunEvent(
            runId,
            events.size(),
            status,
            clock.instant(),
            command,
            Optional.empty(),
            Optional.empty(),
            CodeVersion.current(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Map.of(),
            Optional.of(message)));
  }

  /** The plan of a stage, if one is stored: the one of its latest generation. */
  Optional<StagePlan> plan(Stage stage, int iteration) {
    return events.stream()
        .filter(event -> event.status() == RunStatus.PLANNED)
        .filter(event -> event.stage().equals(Optional.of(stage.label())))
        .filter(event -> event.iteration().equals(Optional.of(iteration)))
        .max(Comparator.comparingInt(event -> event.generation().orElse(0)))
        .map(event -> toPlan(stage, event))
        .filter(plan -> plan.generation() == generation(stage, iteration));
  }

  /** The stored plan of a stage, or a new one with {@code chunks} chunks, stored first. */
  StagePlan planned(Stage stage, int iteration, int chunks) {
    Optional<StagePlan> stored = plan(stage, iteration);
    if (stored.isPresent()) {
      return stored.get();
    }
    StagePlan plan = new StagePlan(runId, stage, iteration, generation(stage, iteration), chunks);
    add(
        new RunEvent(
            runId,
            events.size(),
            RunStatus.PLANNED,
            clock.instant(),
            command,
            Optional.empty(),
            Optional.empty(),
            CodeVersion.current(),
            Optional.of(stage.label()),
            Optional.of(iteration),
            Optional.of(plan.generation()),
            Optional.of(chunks),
            Map.of(),
            Optional.empty()));
    return plan;
  }

  /** 0, and one more with every redo of this stage or of one it reads from. */
  private int generation(Stage stage, int iteration) {
    return events.stream()
        .filter(event -> event.status() == RunStatus.REDO_STARTED)
        .filter(event -> event.iteration().equals(Optional.of(iteration)))
        .filter(event -> event.stage().isPresent() && reaches(event.stage().get(), stage))
        .mapToInt(event -> event.generation().orElse(0))
        .max()
        .orElse(0);
  }

  private static boolean reaches(String redone, Stage stage) {
    return stage != Stage.EVALUATE
        && stage != Stage.INGEST
        && io.rephrase.data.Label.parse(Stage.class, redone).compareTo(stage) <= 0;
  }

  private static StagePlan toPlan(Stage stage, RunEvent event) {
    return new StagePlan(
        event.runId(),
        stage,
        event.iteration().orElseThrow(),
        event.generation().orElseThrow(),
        event.chunks().orElseThrow());
  }

  private void add(RunEvent event) {
    control.append(Tables.RUNS, List.of(event), runId + "/event/" + event.sequence());
    events.add(event);
  }
}
