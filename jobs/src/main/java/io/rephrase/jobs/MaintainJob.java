package io.rephrase.jobs;

import io.rephrase.InputException;
import io.rephrase.TableException;
import io.rephrase.jobs.spark.AnswerJournal;
import io.rephrase.jobs.table.ControlTables;
import io.rephrase.jobs.table.RunLog;
import io.rephrase.jobs.table.RunOwnership;
import io.rephrase.jobs.table.TableUpkeep;
import io.rephrase.jobs.table.TableUpkeep.Partition;
import io.rephrase.jobs.table.TableUpkeep.Removable;
import io.rephrase.jobs.table.Tables;
import io.rephrase.jobs.table.TakeOver;
import io.rephrase.jobs.table.Warehouse;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The upkeep of a warehouse: merges the files of finished partitions, removes files that no recent
 * version needs, removes checkpoint folders that nothing refers to, deletes a run. What belongs to
 * a run is touched only while this process owns the run, so never under a live driver's hands.
 */
public final class MaintainJob {

  /** Tables whose files are merged as a whole: small, and appended to by every driver. */
  private static final List<Tables> WHOLE =
      List.of(
          Tables.RUNS,
          Tables.TRAINING_STEPS,
          Tables.CHECKPOINTS,
          Tables.STAGE_TIMES,
          Tables.LEASES);

  /**
   * Tables with a partition a run and an iteration. Prompts are left as they were appended: runs
   * read them at the version they began with, and merging is what lets files be removed.
   */
  private static final List<Tables> PARTITIONED =
      List.of(
          Tables.ROLLOUT_GROUPS,
          Tables.REPHRASINGS,
          Tables.TEACHER_SCORES,
          Tables.VERDICTS,
          Tables.GUIDANCE,
          Tables.EVALUATIONS);

  private final Warehouse warehouse;
  private final Consumer<String> say;
  private final Consumer<Runnable> hand;
  private final Function<String, RunOwnership> ownership;
  private final TableUpkeep tables;
  private final CheckpointFolders folders;

  private MaintainJob(
      Warehouse warehouse,
      Consumer<String> say,
      Consumer<Runnable> hand,
      Function<String, RunOwnership> ownership) {
    this.warehouse = warehouse;
    this.say = say;
    this.hand = hand;
    this.ownership = ownership;
    this.tables = new TableUpkeep(warehouse);
    this.folders = new CheckpointFolders(warehouse);
  }

  /** Says what it does, a line each, and does it. */
  public static MaintainJob acting(Warehouse warehouse, Consumer<String> say) {
    return new MaintainJob(
        warehouse,
        say,
        Runnable::run,
        runId -> RunOwnership.acquire(warehouse, runId, TakeOver.NEVER));
  }

  /** Says the same lines and does nothing; a warehouse opened for reading will do. */
  public static MaintainJob pretending(Warehouse warehouse, Consumer<String> say) {
    return new MaintainJob(
        warehouse, say, action -> {}, runId -> RunOwnership.supposed(warehouse, runId));
  }

  /**
   * Merges, vacuums and removes unreferenced checkpoint folders.
   *
   * @param retention of files that newer versions of a table do without, at least 7 days
   */
  public void upkeep(Duration retention) {
    for (Tables table : WHOLE) {
      tables.fragmented(table).forEach(this::merge);
    }
    List<Partition> fragmented =
        PARTITIONED.stream().flatMap(table -> tables.fragmented(table).stream()).toList();
    for (String runId : runs(fragmented)) {
      owning(runId, () -> upkeep(runId, fragmented));
    }
    for (Tables table : Tables.values()) {
      vacuum(table, retention);
    }
  }

  private Set<String> runs(List<Partition> fragmented) {
    Set<String> runs = folders.runs();
    fragmented.forEach(partition -> runs.add(runOf(partition)));
    return runs;
  }

  private void upkeep(String runId, List<Partition> fragmented) {
    ControlTables control = warehouse.controlTables();
    Set<Integer> policies = new TreeSet<>();
    control.checkpoints(runId).forEach(row -> policies.add(row.policyVersion()));
    fragmented.stream()
        .filter(partition -> runOf(partition).equals(runId))
        .filter(partition -> finished(partition, policies))
        .forEach(this::merge);
    for (CheckpointFolders.Folder folder : folders.unreferenced(runId)) {
      act(
          "remove checkpoint %s  %s".formatted(folder.path(), size(folder.bytes())),
          () -> folders.delete(folder));
    }
  }

  private static String runOf(Partition partition) {
    return String.valueOf(partition.values().get("run_id"));
  }

  /** An iteration is, once its policy was trained; a policy's evaluation, once the next one was. */
  private static boolean finished(Partition partition, Set<Integer> policies) {
    Map<String, String> values = partition.values();
    String number = values.getOrDefault("iteration", values.get("policy_version"));
    return policies.contains(Integer.parseInt(number) + 1);
  }

  private void merge(Partition partition) {
    act(
        "merge %s  %d files -> %d, %s"
            .formatted(
                partition.name(),
                partition.files(),
                partition.filesNeeded(),
                size(partition.bytes())),
        () -> tables.merge(partition));
  }

  private void vacuum(Tables table, Duration retention) {
    Removable removable = tables.removable(table, retention);
    if (removable.files() > 0) {
      act(
          "vacuum %s  %d files older than %d days, %s"
              .formatted(
                  table.label(), removable.files(), retention.toDays(), size(removable.bytes())),
          () -> tables.remove(table, retention));
    }
  }

  /**
   * Deletes a run: its rows of all tables and its checkpoint folders. One event stays and keeps the
   * name taken, since the marks of its chunks stay in the tables' logs. Killed, the same call goes
   * on.
   *
   * @throws InputException if there is no such run
   * @throws TableException if a driver owns it
   */
  public void delete(String runId) {
    try (RunOwnership owned = ownership.apply(runId)) {
      RunLog log =
          RunLog.openEvenDeleted(
              warehouse.controlTables(owned),
              new RunLog.Author(runId, "maintain", CodeVersion.current()),
              Clock.systemUTC());
      CheckpointFolders.Folder saved = folders.all(runId);
      if (log.events().isEmpty() && saved.bytes() == 0) {
        throw new InputException(
            "--delete-run %s: there is no such run in %s; `rephrase runs` lists them"
                .formatted(runId, warehouse.root()));
      }
      hand.accept(log::deleted);
      for (Tables table : holdingRuns()) {
        long rows = tables.rows(table, runId);
        if (rows > 0) {
          act(
              "delete from %s  %d rows".formatted(table.label(), rows),
              () -> tables.deleteRows(table, runId));
        }
      }
      if (saved.bytes() > 0) {
        act(
            "remove checkpoints %s  %s".formatted(saved.path(), size(saved.bytes())),
            () -> folders.delete(saved));
      }
      hand.accept(() -> forgetAnswers(runId));
      act("forget the events of run " + runId, () -> tables.deleteRows(Tables.RUNS, runId));
    }
  }

  /** What a server said for chunks that were never committed. */
  private void forgetAnswers(String runId) {
    new AnswerJournal(warehouse.journalRoot() + "/" + runId)
        .forget(warehouse.session().sparkContext().hadoopConfiguration());
  }

  /**
   * Prompts and their overlaps belong to no run, the lease is what this process owns it by, the log
   * comes last.
   */
  private static List<Tables> holdingRuns() {
    Set<Tables> others =
        EnumSet.of(Tables.PROMPTS, Tables.CONTAMINATION, Tables.LEASES, Tables.RUNS);
    return List.copyOf(EnumSet.complementOf(EnumSet.copyOf(others)));
  }

  private void owning(String runId, Runnable work) {
    try (RunOwnership owned = ownership.apply(runId)) {
      hand.accept(owned::requireOwned);
      work.run();
    } catch (TableException refused) {
      say.accept("leave run %s alone: %s".formatted(runId, refused.getMessage()));
    }
  }

  private void act(String words, Runnable action) {
    hand.accept(action);
    say.accept(words);
  }

  private static String size(long bytes) {
    return bytes < 10_000 ? bytes + " bytes" : String.format(Locale.ROOT, "%,.1f MB", bytes / 1e6);
  }
}
