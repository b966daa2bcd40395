package io.rephrase.jobs;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Speaks vLLM's dialect on the loopback interface and says {@code 3} to everything: in the arena's
 * vocabulary token 6, and 1 ends. Knows one key.
 */
final class ModelServer implements AutoCloseable {

  private static final String ANSWER =
      """
      {"choices": [{"text": "3", "finish_reason": "stop", "token_ids": [6, 1],
        "logprobs": {"token_logprobs": [-0.5, -0.25]}}],
       "usage": {"prompt_tokens": %d, "completion_tokens": 2}}""";

  private final HttpServer server;
  private final ExecutorService workers = Executors.newCachedThreadPool();
  private final String key;
  private final List<String> log = new CopyOnWriteArrayList<>();
  private final AtomicInteger left;

  /**
   * @param key that every request must have
   * @param answers it gives before it fails for ever
   */
  ModelServer(String key, int answers) throws IOException {
    this.key = key;
    this.left = new AtomicInteger(answers);
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    server.createContext("/", this::serve);
    server.setExecutor(workers);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** {@code answer <prompt ids>} and {@code weights <folder>}, in order. */
  List<String> log() {
    return log;
  }

  List<String> logged(String what) {
    return log.stream().filter(line -> line.startsWith(what)).toList();
  }

  private void serve(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    if (!Optional.ofNullable(authorization).equals(Optional.of("Bearer " + key))) {
      reply(exchange, 401, "{\"error\": \"not you\"}");
      return;
    }
    switch (exchange.getRequestURI().getPath()) {
      case "/v1/models" -> reply(exchange, 200, "{\"data\": [{\"id\": \"policy\"}]}");
      case "/collective_rpc" -> {
        JsonObject call = JsonParser.parseString(body).getAsJsonObject();
        log.add("weights " + call.getAsJsonObject("kwargs").get("weights_path").getAsString());
        reply(exchange, 200, "{\"results\": [null]}");
      }
      case "/reset_prefix_cache" -> reply(exchange, 200, "");
      case "/v1/completions" -> complete(exchange, JsonParser.parseString(body).getAsJsonObject());
      default -> reply(exchange, 404, "{\"detail\": \"Not Found\"}");
    }
  }

  private void complete(HttpExchange exchange, JsonObject request) throws IOException {
    if (left.getAndDecrement() <= 0) {
      reply(exchange, 500, "{\"error\": \"EngineDeadError\"}");
      return;
    }
    boolean ids = request.get("prompt").isJsonArray();
    int prompt = ids ? request.getAsJsonArray("prompt").size() : 0;
    log.add("answer " + request.get("prompt") + " " + request.get("seed"));
    reply(exchange, 200, ANSWER.formatted(prompt));
  }

  private static void reply(HttpExchange exchange, int status, String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    try (exchange) {
      exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    workers.shutdownNow();
  }
}
