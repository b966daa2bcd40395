package io.rephrase.jobs;

import io.rephrase.ConfigurationException;
import io.rephrase.TableException;
import io.rephrase.config.ResolvedConfig;
import io.rephrase.config.RunConfig;
import io.rephrase.jobs.spark.SparkSessions;
import io.rephrase.jobs.table.LogStores;
import io.rephrase.jobs.table.Tables;
import io.rephrase.jobs.table.Warehouse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.function.Function;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;

/** A Spark session and the warehouse a command was pointed at. Whoever opens it closes it. */
public final class WarehouseSession implements AutoCloseable {

  private final SparkSession session;
  private final Warehouse warehouse;

  private WarehouseSession(SparkSession session, Warehouse warehouse) {
    this.session = session;
    this.warehouse = warehouse;
  }

  /** Creates the tables that are missing. */
  public static WarehouseSession forWriting(String command, ResolvedConfig resolved) {
    return open(command, resolved, session -> openedForWriting(session, resolved));
  }

  /**
   * Changes no file, and needs no permission to.
   *
   * @throws TableException when there is no warehouse at that path
   */
  public static WarehouseSession forReading(String command, ResolvedConfig resolved) {
    return open(command, resolved, session -> Warehouse.openForReading(session, root(resolved)));
  }

  /**
   * For a command that changes rows; creates the tables that an older version did not make.
   *
   * @throws TableException when there is no warehouse at that path, or it is not safe to write to
   */
  public static WarehouseSession forChanging(String command, ResolvedConfig resolved) {
    return open(
        command,
        resolved,
        session -> {
          requireThere(session, root(resolved));
          return openedForWriting(session, resolved);
        });
  }

  public Warehouse warehouse() {
    return warehouse;
  }

  public SparkSession spark() {
    return session;
  }

  @Override
  public void close() {
    session.stop();
  }

  private static Warehouse openedForWriting(SparkSession session, ResolvedConfig resolved) {
    if (!resolved.config().run().soleWriter()) {
      LogStores.requireSafe(
          root(resolved),
          session.sparkContext().getConf(),
          session.sparkContext().hadoopConfiguration());
    }
    return Warehouse.open(session, root(resolved));
  }

  /** A session, closed again where the path or the warehouse there will not do. */
  private static WarehouseSession open(
      String command, ResolvedConfig resolved, Function<SparkSession, Warehouse> warehouse) {
    SparkSession session = session(command, resolved.config());
    boolean open = false;
    try {
      requireClear(
          root(resolved), FileSystem.getDefaultUri(session.sparkContext().hadoopConfiguration()));
      WarehouseSession opened = new WarehouseSession(session, warehouse.apply(session));
      open = true;
      return opened;
    } finally {
      if (!open) {
        session.stop();
      }
    }
  }

  private static SparkSession session(String command, RunConfig config) {
    return SparkSessions.open(settings(command, config));
  }

  /** What the session of a command would be opened with. */
  public static SparkConf sparkConf(String command, RunConfig config) {
    return SparkSessions.conf(settings(command, config));
  }

  static SparkSessions.Settings settings(String command, RunConfig config) {
    return new SparkSessions.Settings(
        "rephrase " + command, config.spark().master(), config.spark().properties());
  }

  /** Where the warehouse of a configuration is, as a path that Delta takes for one. */
  static String root(ResolvedConfig resolved) {
    String configured = resolved.config().run().warehouse();
    Path path = new Path(configured);
    // Delta takes a relative path for the name of a table.
    return path.toUri().getScheme() == null && !path.isAbsolute()
        ? java.nio.file.Path.of(configured).toAbsolutePath().normalize().toString()
        : configured;
  }

  /** Tables would lie on the cluster's file system, and locks and checkpoints on this machine. */
  static void requireClear(String root, URI usual) {
    if (new Path(root).toUri().getScheme() == null && !"file".equals(usual.getScheme())) {
      throw new ConfigurationException(
          "run.warehouse %1$s does not say on which file system, and fs.defaultFS is %2$s; write %3$s, or file://%1$s for this machine's disk"
              .formatted(root, usual, new Path(root).makeQualified(usual, new Path("/"))));
    }
  }

  private static void requireThere(SparkSession session, String root) {
    Path runs = new Path(root, Tables.RUNS.label());
    try {
      if (!runs.getFileSystem(session.sparkContext().hadoopConfiguration()).exists(runs)) {
        throw Warehouse.noneAt(root);
      }
    } catch (IOException broken) {
      throw new UncheckedIOException("looking for a warehouse at " + root, broken);
    }
  }
}
