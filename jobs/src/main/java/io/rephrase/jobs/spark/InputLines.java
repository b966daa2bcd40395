package io.rephrase.jobs.spark;

import io.rephrase.InputException;
import io.rephrase.lines.JsonLines;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.input.PortableDataStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import scala.Tuple2;

/**
 * The lines of text files as (source, line, raw, problem), lines from 1; blank ones are left out.
 * The problem of a line that is not UTF-8 says so, others have NULL. One file is one task's, read
 * as a stream, so that line numbers are exact. Names ending in {@code .gz} are gzip.
 */
public final class InputLines implements FlatMapFunction<Tuple2<String, PortableDataStream>, Row> {

  private static final long serialVersionUID = 1;

  @Override
  public Iterator<Row> call(Tuple2<String, PortableDataStream> file) throws IOException {
    InputStream in = file._2().open();
    if (file._1().endsWith(".gz")) {
      in = new GZIPInputStream(in);
    }
    return new Rows(file._1(), in);
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

  private static final class Rows implements Iterator<Row> {
    private final String source;
    private final InputStream in;
    private final JsonLines lines;
    private Optional<JsonLines.Line> next;

    Rows(String source, InputStream in) {
      this.source = source;
      this.in = in;
      this.lines = new JsonLines(in);
      this.next = read();
    }

    @Override
    public boolean hasNext() {
      return next.isPresent();
    }

    @Override
    public Row next() {
      JsonLines.Line line =
          next.orElseThrow(() -> new NoSuchElementException(source + " has no more lines"));
      next = read();
      return row(source, line);
    }

    private Optional<JsonLines.Line> read() {
      try {
        Optional<JsonLines.Line> line = lines.next();
        if (line.isEmpty()) {
          in.close();
        }
        return line;
      } catch (InputException e) {
        throw new InputException(source + ": " + e.getMessage(), e);
      } catch (IOException e) {
        throw new UncheckedIOException("closing " + source, e);
      }
    }
  }
}
