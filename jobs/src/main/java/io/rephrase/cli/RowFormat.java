package io.rephrase.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** How rows are printed. */
enum RowFormat {
  /** For eyes: columns in line, long cells cut, at most {@value #TABLE_ROWS} rows. */
  TABLE {
    @Override
    void print(Dataset<Row> rows, PrintWriter out) {
      List<String[]> lines = new ArrayList<>();
      lines.add(rows.columns());
      List<Row> head = rows.takeAsList(TABLE_ROWS + 1);
      head.stream().limit(TABLE_ROWS).forEach(row -> lines.add(cells(row)));
      printInLine(lines, out);
      if (head.size() > TABLE_ROWS) {
        out.printf("... more than %d rows: --format csv or json prints all%n", TABLE_ROWS);
      }
    }
  },
  /** RFC 4180, with a header. */
  CSV {
    @Override
    void print(Dataset<Row> rows, PrintWriter out) {
      out.println(csv(rows.columns()));
      for (Iterator<Row> all = rows.toLocalIterator(); all.hasNext() && !out.checkError(); ) {
        out.println(csv(cells(all.next())));
      }
    }
  },
  /** An object a line; columns without a value are left out. */
  JSON {
    @Override
    void print(Dataset<Row> rows, PrintWriter out) {
      for (Iterator<String> all = rows.toJSON().toLocalIterator();
          all.hasNext() && !out.checkError(); ) {
        out.println(all.next());
      }
    }
  };

  private static final int TABLE_ROWS = 1000;
  private static final int CELL_CHARACTERS = 60;

  abstract void print(Dataset<Row> rows, PrintWriter out);

  private static String[] cells(Row row) {
    String[] cells = new String[row.size()];
    for (int i = 0; i < cells.length; i++) {
      cells[i] = row.isNullAt(i) ? "" : String.valueOf(row.get(i));
    }
    return cells;
  }

  private static void printInLine(List<String[]> lines, PrintWriter out) {
    lines.forEach(line -> Arrays.setAll(line, i -> shortened(line[i])));
    int columns = lines.get(0).length;
    int[] widths = new int[columns];
    lines.forEach(line -> Arrays.setAll(widths, i -> Math.max(widths[i], line[i].length())));
    for (String[] line : lines) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < columns; i++) {
        text.append(line[i]).append(" ".repeat(widths[i] - line[i].length() + 2));
      }
      out.println(text.toString().stripTrailing());
    }
  }

  private static String shortened(String cell) {
    String line = cell.replaceAll("\\R", "\\\\n");
    return line.length() <= CELL_CHARACTERS ? line : line.substring(0, CELL_CHARACTERS - 3) + "...";
  }

  static String csv(String[] cells) {
    List<String> quoted = new ArrayList<>();
    for (String cell : cells) {
      boolean special = cell.matches("(?s).*[\",\\r\\n].*");
      quoted.add(special ? '"' + cell.replace("\"", "\"\"") + '"' : cell);
    }
    return String.join(",", quoted);
  }
}
