package io.rephrase.jobs.spark;

import io.rephrase.InputException;
import io.rephrase.lines.JsonElements;
import io.rephrase.lines.JsonLines;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.zip.GZIPInputStream;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.input.PortableDataStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.jspecify.annotations.Nullable;
import scala.Tuple2;

/**
 * The lines of text files as (source, line, raw, problem), lines from 1; blank ones are left out.
 * The problem of a line that is not UTF-8 says so, others have NULL. A file that begins with {@code
 * [} is one JSON array, and its elements count as lines. One file is one task's, read as a stream,
 * so that line numbers are exact. Names ending in {@code .gz} are gzip.
 */
public final class InputLines implements FlatMapFunction<Tuple2<String, PortableDataStream>, Row> {

  private static final long serialVersionUID = 1;

  @Override
  public Iterator<Row> call(Tuple2<String, PortableDataStream> file) throws IOException {
    InputStream in = file._2().open();
    if (file._1().endsWith(".gz")) {
      in = new GZIPInputStream(in);
    }
    BufferedInputStream text = new BufferedInputStream(in);
    String source = file._1();
    return JsonElements.beginIn(text)
        ? new Rows(source, text, elements(source, text))
        : new Rows(source, text, lines(source, text));
  }

  private static Supplier<Optional<Row>> lines(String source, InputStream in) {
    JsonLines lines = new JsonLines(in);
    return () -> lines.next().map(line -> row(source, line));
  }

  private static Row row(String source, JsonLines.Line line) {
    try {
      return RowFactory.create(source, line.number(), withoutBreak(line.text()), null);
    } catch (InputException e) {
      String raw = new String(line.bytes(), StandardCharsets.UTF_8);
      return RowFactory.create(source, line.number(), withoutBreak(raw), e.getMessage());
    }
  }

  private static String withoutBreak(String line) {
    return line.replaceFirst("\\r?\\n\\z", "");
  }

  private static Supplier<Optional<Row>> elements(String source, InputStream in) {
    JsonElements elements = new JsonElements(in);
    return () -> {
      try {
        return elements.next().map(json -> element(source, elements, JsonLines.text(json), null));
      } catch (InputException e) {
        return Optional.of(element(source, elements, "", e.getMessage()));
      }
    };
  }

  private static Row element(
      String source, JsonElements elements, String raw, @Nullable String problem) {
    return RowFactory.create(source, elements.number(), raw, problem);
  }

  /** Reads one row ahead, and closes the file at its end. */
  private static final class Rows implements Iterator<Row> {
    private final String source;
    private final InputStream in;
    private final Supplier<Optional<Row>> rows;
    private Optional<Row> next;

    Rows(String source, InputStream in, Supplier<Optional<Row>> rows) {
      this.source = source;
      this.in = in;
      this.rows = rows;
      this.next = read();
    }

    @Override
    public boolean hasNext() {
      return next.isPresent();
    }

    @Override
    public Row next() {
      Row row = next.orElseThrow(() -> new NoSuchElementException(source + " has no more rows"));
      next = read();
      return row;
    }

    private Optional<Row> read() {
      try {
        Optional<Row> row = rows.get();
        if (row.isEmpty()) {
          in.close();
        }
        return row;
      } catch (InputException | UncheckedIOException e) {
        throw new InputException(source + ": " + e.getMessage(), e);
      } catch (IOException e) {
        throw new UncheckedIOException("closing " + source, e);
      }
    }
  }
}
