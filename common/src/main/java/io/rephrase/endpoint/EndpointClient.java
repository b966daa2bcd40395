package io.rephrase.endpoint;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.rephrase.EndpointException;
import io.rephrase.data.Seeds;
import io.rephrase.endpoint.RequestFailedException.Fault;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * Sends JSON to a server and waits for its JSON. Tried again, after a pause: 408, 425, 429 (not
 * before {@code Retry-After}) and 5xx, connections that fail or end in mid-answer, answers that are
 * late, and those that are no JSON. Not tried again: every other 4xx. Redirections are not
 * followed, so that the key goes to no other host. Thread-safe.
 */
public final class EndpointClient {

  private static final int MAX_ANSWER_BYTES = 64 << 20;
  private static final int MAX_WORDS = 500;
  private static final Duration CONNECT = Duration.ofSeconds(20);
  private static final long SLICE_MS = 100;
  private static final Attempt EMPTY = new Attempt.Answered(new JsonObject());

  private final EndpointAddress address;
  private final EndpointKey key;
  private final Patience patience;
  private final HttpClient http;

  public EndpointClient(EndpointAddress address, EndpointKey key, Patience patience) {
    this.address = address;
    this.key = key;
    this.patience = patience;
    Duration connect = patience.timeout().compareTo(CONNECT) < 0 ? patience.timeout() : CONNECT;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(connect)
            .build();
  }

  public EndpointAddress address() {
    return address;
  }

  /** What one attempt came to: an answer, or why there is none yet. */
  private sealed interface Attempt {
    record Answered(JsonObject answer) implements Attempt {}

    record Again(Fault fault, String why, long notBeforeMs) implements Attempt {}
  }

  /**
   * Sends {@code body} and returns the answer.
   *
   * @param path of the call, such as {@code /v1/completions}
   * @param seed of the random part of the pauses
   * @param giveUp asked between attempts; true ends the waiting
   * @throws RequestFailedException if this request got no usable answer
   * @throws EndpointException if no request could get one: the key, the path or the model is wrong
   * @throws InterruptedException if the thread is interrupted; the request is cancelled
   */
  public JsonObject post(String path, JsonObject body, long seed, BooleanSupplier giveUp)
      throws RequestFailedException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address.at(path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body.toString()));
    return exchange(request, this::parsed, seed, giveUp);
  }

  /** As {@link #post}, for a call that may be answered without a word: an empty object then. */
  public JsonObject tell(String path, JsonObject body)
      throws RequestFailedException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address.at(path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body.toString()));
    return exchange(
        request, said -> said.isBlank() ? EMPTY : parsed(said), path.hashCode(), () -> false);
  }

  /** As {@link #post} does, without a body. */
  public JsonObject get(String path) throws RequestFailedException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(address.at(path)).GET();
    return exchange(request, this::parsed, path.hashCode(), () -> false);
  }

  private JsonObject exchange(
      HttpRequest.Builder builder,
      Function<String, Attempt> reader,
      long seed,
      BooleanSupplier giveUp)
      throws RequestFailedException, InterruptedException {
    key.sign(builder);
    HttpRequest request = builder.header("Accept", "application/json").build();
    long started = System.nanoTime();
    for (int retry = 0; ; retry++) {
      Attempt attempt = attempt(request, reader, leftMs(started));
      if (attempt instanceof Attempt.Answered answered) {
        return answered.answer();
      }
      Attempt.Again again = (Attempt.Again) attempt;
      long pause =
          Math.max(again.notBeforeMs(), patience.pauseMs(retry, Seeds.uniform(seed, retry)));
      if (retry == patience.retries()) {
        throw spent(again, retry + 1, "%d retries".formatted(patience.retries()));
      }
      if (pause >= leftMs(started)) {
        throw spent(again, retry + 1, "deadline of %s".formatted(seconds(patience.deadline())));
      }
      if (pausedInVain(pause, giveUp)) {
        throw spent(again, retry + 1, "caller's patience");
      }
    }
  }

  private RequestFailedException spent(Attempt.Again again, int attempts, String limit) {
    return new RequestFailedException(
        again.fault(),
        "%s gave no usable answer in %d attempts, which spent the %s; the last: %s"
            .formatted(address.url(), attempts, limit, again.why()));
  }

  private long leftMs(long started) {
    return patience.deadline().toMillis() - (System.nanoTime() - started) / 1_000_000;
  }

  private static boolean pausedInVain(long pauseMs, BooleanSupplier giveUp)
      throws InterruptedException {
    long until = System.nanoTime() + pauseMs * 1_000_000;
    for (long left = pauseMs; left > 0; left = (until - System.nanoTime()) / 1_000_000) {
      if (giveUp.getAsBoolean()) {
        return true;
      }
      Thread.sleep(Math.min(left, SLICE_MS));
    }
    return giveUp.getAsBoolean();
  }

  /** One attempt, its body included: the client's own timeout ends with the headers. */
  private Attempt attempt(HttpRequest request, Function<String, Attempt> reader, long leftMs)
      throws RequestFailedException, InterruptedException {
    long limitMs = Math.max(1, Math.min(leftMs, patience.timeout().toMillis()));
    CompletableFuture<HttpResponse<String>> sent =
        http.sendAsync(request, info -> new LimitedBody(MAX_ANSWER_BYTES));
    try {
      return read(sent.get(limitMs, TimeUnit.MILLISECONDS), reader);
    } catch (TimeoutException e) {
      String late = "no whole answer within %s".formatted(seconds(Duration.ofMillis(limitMs)));
      return new Attempt.Again(Fault.SERVER, late, 0);
    } catch (ExecutionException e) {
      return new Attempt.Again(Fault.SERVER, words(Objects.requireNonNullElse(e.getCause(), e)), 0);
    } finally {
      sent.cancel(true);
    }
  }

  private static String words(Throwable failure) {
    String message = failure.getMessage();
    String type = failure.getClass().getSimpleName();
    return message == null ? type : type + ": " + message;
  }

  private Attempt read(HttpResponse<String> response, Function<String, Attempt> reader)
      throws RequestFailedException {
    int status = response.statusCode();
    if (status == 200) {
      return reader.apply(response.body()); // A model's words are not a server's: none is changed.
    }
    String said = "HTTP %d, %s".formatted(status, brief(response.body()));
    if (status == 408 || status == 425 || status == 429 || status >= 500) {
      long notBefore = RetryAfter.millis(response.headers(), Instant.now());
      return new Attempt.Again(Fault.SERVER, said, notBefore);
    }
    if (status == 401 || status == 403) {
      throw new EndpointException(
          "%s does not let us in: %s; put the right key into the variable that keyVariable names"
              .formatted(address.url(), said));
    }
    if (status == 404 || status == 405 || status < 400) {
      throw new EndpointException(
          "%s does not know what it is asked: %s; look at url, dialect and model"
              .formatted(response.uri(), said));
    }
    throw new RequestFailedException(
        Fault.REQUEST, "%s refused the request: %s".formatted(address.url(), said));
  }

  private Attempt parsed(String body) {
    try {
      JsonElement json = JsonParser.parseString(body);
      return json.isJsonObject() ? new Attempt.Answered(json.getAsJsonObject()) : noObject(body);
    } catch (JsonParseException broken) {
      return noObject(body);
    }
  }

  private Attempt noObject(String body) {
    return new Attempt.Again(Fault.ANSWER, "the answer is no JSON object: " + brief(body), 0);
  }

  /** The beginning of what a server said, on one line, without the key. */
  private String brief(String body) {
    String line = key.redacted(body).strip().replaceAll("\\s+", " ");
    if (line.isEmpty()) {
      return "without a word";
    }
    return line.length() > MAX_WORDS ? line.substring(0, MAX_WORDS) + "…" : line;
  }

  private static String seconds(Duration duration) {
    return "%s s".formatted(duration.toMillis() / 1000.0);
  }
}
