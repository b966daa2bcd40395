package io.rephrase.jobs;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.rephrase.reward.ArenaVerifier;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A judge on the loopback interface that reads what it is asked from the marks of the shipped
 * template and decides as the arena's verifier does; until it is mended, every third answer is of
 * no use.
 */
public final class JudgeServer implements AutoCloseable {

  public static final String USELESS = "I am not sure.";

  private static final Pattern DATA =
      Pattern.compile("<data ([0-9a-f]{16})>\n(.*?)\n</data \\1>", Pattern.DOTALL);

  private final HttpServer server;
  private final ExecutorService workers = Executors.newCachedThreadPool();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private volatile boolean mended;

  public JudgeServer() throws IOException {
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    server.createContext("/v1/chat/completions", this::serve);
    server.setExecutor(workers);
    server.start();
  }

  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  public void mend() {
    mended = true;
  }

  /** The answers it was asked to judge, in order. */
  List<String> asked() {
    return asked;
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      String request = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      byte[] answer = answer(prompt(request)).getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, answer.length);
      exchange.getResponseBody().write(answer);
    }
  }

  private static String prompt(String request) {
    JsonObject body = JsonParser.parseString(request).getAsJsonObject();
    return body.getAsJsonArray("messages").get(0).getAsJsonObject().get("content").getAsString();
  }

  private synchronized String answer(String prompt) {
    List<String> data = DATA.matcher(prompt).results().map(JudgeServer::text).toList();
    asked.add(data.get(2));
    return message(mended || asked.size() % 3 != 0 ? judged(data.get(2), data.get(1)) : USELESS);
  }

  private static String text(MatchResult data) {
    return data.group(2);
  }

  private static String judged(String completion, String gold) {
    boolean right = new ArenaVerifier().verify(completion, gold).reward().orElseThrow() == 1;
    return "The answer is %s.\nVerdict: %s".formatted(completion, right ? "correct" : "wrong");
  }

  private static String message(String content) {
    JsonObject message = new JsonObject();
    message.addProperty("content", content);
    JsonObject choice = new JsonObject();
    choice.addProperty("finish_reason", "stop");
    choice.add("message", message);
    JsonArray choices = new JsonArray();
    choices.add(choice);
    JsonObject answer = new JsonObject();
    answer.add("choices", choices);
    return answer.toString();
  }

  @Override
  public void close() {
    server.stop(0);
    workers.shutdownNow();
  }
}
