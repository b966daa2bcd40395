package io.rephrase.cli;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/** Where results are printed. It knows why it takes no more, which writers keep to themselves. */
final class StandardOutput extends PrintWriter {

  private final Sink sink;

  StandardOutput(OutputStream stream) {
    this(new Sink(stream));
  }

  private StandardOutput(Sink sink) {
    super(sink, true, StandardCharsets.UTF_8);
    this.sink = sink;
  }

  /** Whether {@code out} is a pipe whose reader, such as {@code head}, had read enough. */
  static boolean readerLeft(PrintWriter out) {
    return out instanceof StandardOutput standard
        && standard.checkError()
        && standard.sink.readerLeft;
  }

  /** Told to a command that it need not go on: nobody reads what it would print. */
  static final class ReaderLeft extends IOException {

    private static final long serialVersionUID = 1;

    /** Whether that is why a command failed. */
    static boolean in(Throwable failure) {
      for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
        if (cause instanceof ReaderLeft) {
          return true;
        }
      }
      return false;
    }
  }

  private static final class Sink extends FilterOutputStream {

    private boolean readerLeft;

    Sink(OutputStream stream) {
      super(stream);
    }

    @Override
    public void write(int one) throws IOException {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      try {
        out.write(bytes, offset, length);
      } catch (IOException e) {
        readerLeft |= String.valueOf(e.getMessage()).contains("Broken pipe");
        throw e;
      }
    }
  }
}
