package io.rephrase.jobs.table;

import io.delta.kernel.engine.Engine;
import io.rephrase.TableException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;
import org.apache.spark.sql.Row;

/**
 * Records of one iteration in ascending position; those of one position in no order. Single-use and
 * not thread-safe; whoever opened it closes it.
 */
public final class PositionStream<T extends Record> implements Iterator<T>, AutoCloseable {

  private final Engine engine;
  private final RecordCodec<T> codec;
  private final int positionColumn;
  private final Deque<ScanFile> unopened;
  private final PriorityQueue<OpenFile> open =
      new PriorityQueue<>(Comparator.comparingLong(OpenFile::position));
  private long last = Long.MIN_VALUE;

  PositionStream(Engine engine, List<ScanFile> files, RecordCodec<T> codec) {
    this.engine = engine;
    this.codec = codec;
    this.positionColumn = codec.schema().fieldIndex("position");
    this.unopened =
        new ArrayDeque<>(
            files.stream()
                .sorted(Comparator.comparingLong(PositionStream::firstPosition))
                .toList());
  }

  @Override
  public boolean hasNext() {
    openDueFiles();
    return !open.isEmpty();
  }

  @Override
  public T next() {
    if (!hasNext()) {
      throw new NoSuchElementException("the iteration has no more rows");
    }
    OpenFile file = open.remove();
    if (file.position() < last) {
      throw new TableException(
          "position %d comes after position %d in a data file: files must be sorted by position; redo the stage that wrote it"
              .formatted(file.position(), last));
    }
    last = file.position();
    T value = codec.fromRow(file.head());
    advance(file.rows());
    return value;
  }

  private void openDueFiles() {
    while (!unopened.isEmpty()
        && (open.isEmpty() || firstPosition(unopened.peek()) <= open.peek().position())) {
      try {
        advance(unopened.remove().open(engine));
      } catch (IOException e) {
        throw new TableException("cannot open a data file", e);
      }
    }
  }

  private void advance(ScanFileRows rows) {
    if (rows.hasNext()) {
      Row head = rows.next();
      open.add(new OpenFile(head, head.getInt(positionColumn), rows));
    } else {
      close(rows);
    }
  }

  @Override
  public void close() {
    unopened.clear();
    open.forEach(file -> close(file.rows()));
    open.clear();
  }

  private static void close(ScanFileRows rows) {
    try {
      rows.close();
    } catch (IOException e) {
      throw new TableException("cannot close a data file", e);
    }
  }

  private static long firstPosition(ScanFile file) {
    return file.least("position").orElse(Long.MIN_VALUE);
  }

  private record OpenFile(Row head, long position, ScanFileRows rows) {}
}
