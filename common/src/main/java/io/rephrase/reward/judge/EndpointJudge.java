package io.rephrase.reward.judge;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.rephrase.EndpointException;
import io.rephrase.data.Verdict;
import io.rephrase.endpoint.EndpointClient;
import io.rephrase.endpoint.RequestFailedException;
import io.rephrase.endpoint.RequestFailedException.Fault;
import io.rephrase.endpoint.RequestThreads;
import io.rephrase.endpoint.SignsOfLife;
import io.rephrase.prompt.JudgePrompt;
import io.rephrase.reward.Judge;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A model behind {@code /v1/chat/completions}, asked at temperature 0, at most so many requests at
 * a time. Where it fails, the answer has no reward. Once a request has spent its patience and
 * nobody was answered meanwhile, the others are not waited for as long: a judge that is gone does
 * not hold up what was sampled, which can be judged later. Thread-safe.
 */
public final class EndpointJudge implements Judge, AutoCloseable {

  private static final String PATH = "/v1/chat/completions";
  private static final long PROBE_NANOS = 30_000_000_000L;

  /**
   * How it is asked.
   *
   * @param model as the server calls it
   * @param prompt that asks
   * @param maxTokens of its answer
   * @param concurrency requests under way at a time
   */
  public record Settings(String model, JudgePrompt prompt, int maxTokens, int concurrency) {
    public Settings {
      if (maxTokens < 1 || concurrency < 1) {
        throw new IllegalArgumentException(
            "maxTokens and concurrency must be at least 1, got %d and %d"
                .formatted(maxTokens, concurrency));
      }
    }
  }

  private final EndpointClient client;
  private final Settings settings;
  private final ThreadPoolExecutor workers;
  private final AtomicLong asked = new AtomicLong();
  private final SignsOfLife signs = new SignsOfLife();
  private final AtomicLong lastProbeNanos = new AtomicLong();
  private volatile boolean silent;

  public EndpointJudge(EndpointClient client, Settings settings) {
    this.client = client;
    this.settings = settings;
    this.workers = RequestThreads.pool("judge-request", settings.concurrency());
  }

  /** A future that is cancelled before its turn costs nothing. */
  @Override
  public CompletableFuture<Verdict> ask(String question, String gold, String completion) {
    return CompletableFuture.supplyAsync(() -> verdict(question, gold, completion), workers);
  }

  private Verdict verdict(String question, String gold, String completion) {
    if (silent && !probes()) {
      return Verdict.judgeFailed(
          "judge-unreachable", "%s answers nobody".formatted(client.address().url()));
    }
    JsonObject body = body(settings.prompt().render(question, gold, completion));
    long started = System.nanoTime();
    try {
      JsonObject answer = client.post(PATH, body, asked.getAndIncrement(), () -> silent);
      noteSignOfLife();
      return JudgeAnswer.verdict(answer);
    } catch (RequestFailedException e) {
      noteFailure(e.fault(), started);
      return Verdict.judgeFailed(
          e.fault() == Fault.SERVER ? "judge-unreachable" : "judge-refused", e.getMessage());
    } catch (EndpointException e) {
      return Verdict.judgeFailed("judge-refused", String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Verdict.judgeFailed("judge-unreachable", "waiting for the judge was interrupted");
    }
  }

  private JsonObject body(String prompt) {
    JsonObject message = new JsonObject();
    message.addProperty("role", "user");
    message.addProperty("content", prompt);
    JsonArray messages = new JsonArray();
    messages.add(message);
    JsonObject body = new JsonObject();
    body.addProperty("model", settings.model());
    body.add("messages", messages);
    body.addProperty("temperature", 0);
    body.addProperty("max_tokens", settings.maxTokens());
    return body;
  }

  /** Whether a silent judge is to be tried with this request: every half minute one is. */
  private boolean probes() {
    long now = System.nanoTime();
    long last = lastProbeNanos.get();
    return now - last > PROBE_NANOS && lastProbeNanos.compareAndSet(last, now);
  }

  private void noteSignOfLife() {
    signs.note();
    silent = false;
  }

  private void noteFailure(Fault fault, long started) {
    if (fault != Fault.SERVER) {
      noteSignOfLife();
    } else if (!signs.since(started)) {
      lastProbeNanos.set(System.nanoTime());
      silent = true;
    }
  }

  /** Ends requests that are under way; those waiting are never answered. */
  @Override
  public void close() {
    workers.shutdownNow();
  }
}
