package io.rephrase.jobs.table;

import io.delta.exceptions.ConcurrentTransactionException;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.DeltaOperations;
import org.apache.spark.sql.delta.OptimisticTransaction;
import org.apache.spark.sql.delta.actions.Action;
import org.apache.spark.sql.delta.actions.SetTransaction;
import scala.Option;
import scala.Some;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Rows of Spark in one commit of a Delta table, under a transaction id that the log then holds.
 *
 * <p>The writer's options {@code txnAppId} and {@code txnVersion} say the same, and to look for the
 * id they rebuild the state of the whole table with Spark first: two thirds of the CPU time of a
 * small append. So this takes Delta's own steps between, and leaves the looking to its caller.
 */
final class MarkedAppend {

  private final OptimisticTransaction transaction;
  private final String transactionId;

  private MarkedAppend(OptimisticTransaction transaction, String transactionId) {
    this.transaction = transaction;
    this.transactionId = transactionId;
  }

  /** From now on a commit of this id by another writer is in the way of this one. */
  static MarkedAppend begin(SparkSession session, String path, String transactionId) {
    OptimisticTransaction transaction = DeltaLog.forTable(session, path).startTransaction();
    transaction.readTxn().addOne(transactionId);
    return new MarkedAppend(transaction, transactionId);
  }

  /**
   * Writes and commits; the caller has seen, after {@link #begin}, that the id is not in the log.
   *
   * @param rows in the table's columns, in order; none leaves the id alone in the log
   * @return false where another writer has committed the id since
   */
  boolean commit(Dataset<Row> rows) {
    List<Action> actions = new ArrayList<>();
    actions.add(
        new SetTransaction(transactionId, ChunkId.VERSION, new Some<>(System.currentTimeMillis())));
    actions.addAll(CollectionConverters.asJava(transaction.writeFiles(rows)));
    try {
      transaction.commit(CollectionConverters.asScala(actions).toList(), appending());
      return true;
    } catch (ConcurrentTransactionException e) {
      return false;
    }
  }

  /** What the table's history shows. */
  private DeltaOperations.Write appending() {
    return new DeltaOperations.Write(
        SaveMode.Append,
        Option.empty(),
        Option.empty(),
        new Some<>(transactionId),
        Option.empty(),
        Option.empty(),
        Option.empty(),
        Option.empty(),
        Option.empty());
  }
}
