package io.rephrase.endpoint;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A server on the loopback interface that answers each request as its script says: byte by byte, so
 * that an answer can be late, cut off or nonsense. One connection a request.
 */
public final class HostileServer implements AutoCloseable {

  /** A request as it came in; header names in lower case. */
  public record Request(String path, Map<String, String> headers, String body) {}

  /** Writes an answer, or part of one; the connection is closed when it returns. */
  public interface Reply {
    void write(OutputStream out) throws IOException, InterruptedException;
  }

  /** What to answer. */
  public interface Script {
    Reply reply(Request request);
  }

  private final ServerSocket socket;
  private final Script script;
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final ExecutorService workers = Executors.newCachedThreadPool();

  public HostileServer(Script script) throws IOException {
    this.script = script;
    this.socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    workers.submit(this::accept);
  }

  public static Reply json(String body) {
    return status(200, "", body);
  }

  /**
   * @param headers whole lines, each with its line end
   */
  public static Reply status(int code, String headers, String body) {
    return out -> out.write(head(code, headers, bytes(body).length, body));
  }

  /** Promises the whole body and closes after half of it. */
  public static Reply cutOff(String body) {
    return out ->
        out.write(head(200, "", bytes(body).length, body.substring(0, body.length() / 2)));
  }

  /** Sends the headers and one byte, and then nothing for {@code millis}. */
  public static Reply stalled(long millis) {
    return out -> {
      out.write(head(200, "", 1000, "{"));
      out.flush();
      Thread.sleep(millis);
    };
  }

  /** Closes without a word. */
  public static Reply closed() {
    return out -> {};
  }

  public static Reply late(long millis, Reply reply) {
    return out -> {
      Thread.sleep(millis);
      reply.write(out);
    };
  }

  private static byte[] head(int code, String headers, int length, String body) {
    return bytes(
        "HTTP/1.1 %d X\r\nContent-Type: application/json\r\nContent-Length: %d\r\n%sConnection: close\r\n\r\n%s"
            .formatted(code, length, headers, body));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  public String url() {
    return "http://127.0.0.1:" + socket.getLocalPort();
  }

  /** Those received so far, in order. */
  public List<Request> requests() {
    return requests;
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket connection = socket.accept();
        workers.submit(() -> serve(connection));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      Request request = read(new BufferedInputStream(connection.getInputStream()));
      requests.add(request);
      OutputStream out = connection.getOutputStream();
      script.reply(request).write(out);
      out.flush();
    } catch (IOException | InterruptedException clientHasGone) {
      Thread.currentThread().interrupt();
    }
  }

  private static Request read(InputStream in) throws IOException {
    String path = line(in).split(" ")[1];
    Map<String, String> headers = new TreeMap<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    return new Request(path, headers, new String(in.readNBytes(length), StandardCharsets.UTF_8));
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n' && c >= 0; c = in.read()) {
      line.append(c == '\r' ? "" : String.valueOf((char) c));
    }
    return line.toString();
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    workers.shutdownNow();
  }
}
