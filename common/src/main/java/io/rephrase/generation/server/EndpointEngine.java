package io.rephrase.generation.server;

import com.google.gson.JsonObject;
import io.rephrase.EndpointException;
import io.rephrase.endpoint.EndpointClient;
import io.rephrase.endpoint.RequestFailedException;
import io.rephrase.endpoint.RequestFailedException.Fault;
import io.rephrase.endpoint.RequestThreads;
import io.rephrase.endpoint.SignsOfLife;
import io.rephrase.generation.Completion;
import io.rephrase.generation.EngineOptions;
import io.rephrase.generation.GenerationEngine;
import io.rephrase.generation.GenerationRequest;
import io.rephrase.model.TokenScores;
import io.rephrase.model.TokenSequence;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Samples on a server, at most {@code slots} requests at a time. A request that the server refuses,
 * or whose answer cannot be believed, comes back as a completion with an error, and so does one
 * that spends its deadline while others are answered. Where nobody is answered, {@link
 * EndpointException} ends the work, after every answer that was on its way has been handed back.
 *
 * <p>Scores by full forwards of its own checkpoint, not by the server. One caller at a time.
 */
public final class EndpointEngine implements GenerationEngine {

  private static final long CLOSING_SECONDS = 30;

  private final EndpointClient client;
  private final Dialect dialect;
  private final String model;
  private final ServedPolicy policy;
  private final EngineOptions options;
  private final LocalScorer scorer;
  private final AnswerCheck check;
  private final ThreadPoolExecutor workers;
  private final SignsOfLife signs = new SignsOfLife();

  /**
   * Which server.
   *
   * @param client that reaches it
   * @param dialect it speaks
   * @param model as it calls the policy
   */
  public record Server(EndpointClient client, Dialects dialect, String model) {}

  /** The engine closes {@code scorer}, and leaves the policy's tokenizer to the caller. */
  public EndpointEngine(
      Server server, ServedPolicy policy, EngineOptions options, LocalScorer scorer) {
    this.client = server.client();
    this.dialect = server.dialect().dialect();
    this.model = server.model();
    this.policy = policy;
    this.options = options;
    this.scorer = scorer;
    this.check = new AnswerCheck(policy);
    this.workers = RequestThreads.pool("endpoint-request", options.slots());
  }

  @Override
  public Iterator<Completion> generate(Iterator<GenerationRequest> requests) {
    return new RequestsInFlight(workers, options, requests, this::complete);
  }

  /**
   * One request, with all its attempts.
   *
   * @param giveUp whether nobody is answered any more
   * @throws EndpointException if the server answers nobody
   */
  private Completion complete(GenerationRequest request, BooleanSupplier giveUp)
      throws InterruptedException {
    int room = policy.contextTokens() - request.promptIds().length;
    if (room < 1) {
      return Completion.withoutRoom(request.key());
    }
    long started = System.nanoTime();
    String promptText = policy.tokenizer().decodeWithSpecialTokens(request.promptIds());
    Asked asked =
        new Asked(
            request,
            promptText,
            Math.min(room, request.sampling().maxTokens()),
            model,
            policy.eosTokenIds());
    try {
      JsonObject answer = client.post(dialect.path(), dialect.body(asked), request.seed(), giveUp);
      signs.note();
      return check.completion(asked, dialect.read(answer), millisSince(started));
    } catch (UnusableAnswerException e) {
      return Completion.failed(request.key(), millisSince(started), e.getMessage());
    } catch (RequestFailedException e) {
      if (e.fault() != Fault.SERVER) {
        signs.note();
      } else if (!signs.since(started)) {
        throw new EndpointException(
            e.getMessage()
                + "; nothing else was answered meanwhile: start the server or mend it, and resume",
            e);
      }
      return Completion.failed(request.key(), millisSince(started), e.getMessage());
    }
  }

  private static long millisSince(long nanos) {
    return (System.nanoTime() - nanos) / 1_000_000;
  }

  @Override
  public List<TokenScores> score(List<TokenSequence> rows, double temperature) {
    return scorer.score(rows, temperature);
  }

  @Override
  public boolean givesTokens() {
    return dialect.tokens() != Dialect.Tokens.NONE;
  }

  @Override
  public void releaseCache() {
    scorer.close();
  }

  @Override
  public int contextTokens() {
    return policy.contextTokens();
  }

  @Override
  public int slots() {
    return options.slots();
  }

  @Override
  public void close() {
    workers.shutdownNow();
    try {
      // The tokenizer is closed next: nobody may be using it.
      workers.awaitTermination(CLOSING_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    scorer.close();
  }
}
