package io.rephrase.jobs.spark;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.zip.GZIPInputStream;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.input.PortableDataStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.jspecify.annotations.Nullable;
import scala.Tuple2;

/**
 * The lines of text files as (source, line, raw), lines from 1; blank ones are left out. One file
 * is one task's, read as a stream, so that line numbers are exact. Names ending in {@code .gz} are
 * gzip.
 */
public final class InputLines implements FlatMapFunction<Tuple2<String, PortableDataStream>, Row> {

  private static final long serialVersionUID = 1;

  @Override
  public Iterator<Row> call(Tuple2<String, PortableDataStream> file) throws IOException {
    InputStream in = file._2().open();
    if (file._1().endsWith(".gz")) {
      in = new GZIPInputStream(in);
    }
    return new Lines(
        file._1(), new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)));
  }

  private static final class Lines implements Iterator<Row> {
    private final String source;
    private final BufferedReader reader;
    private long line;
    private @Nullable String next;

    Lines(String source, BufferedReader reader) {
      this.source = source;
      this.reader = reader;
      advance();
    }

    @Override
    public boolean hasNext() {
      return next != null;
    }

    @Override
    public Row next() {
      if (next == null) {
        throw new NoSuchElementException(source + " has no more lines");
      }
      Row row = RowFactory.create(source, line, next);
      advance();
      return row;
    }

    private void advance() {
      try {
        do {
          next = reader.readLine();
          line++;
        } while (next != null && next.isBlank());
        if (next == null) {
          reader.close();
        }
      } catch (IOException e) {
        throw new UncheckedIOException("reading " + source + " at line " + line, e);
      }
    }
  }
}
