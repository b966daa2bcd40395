package io.rephrase.config;

import io.rephrase.data.Label;
import io.rephrase.endpoint.EndpointAddress;
import io.rephrase.endpoint.EndpointKey;
import io.rephrase.endpoint.Patience;
import io.rephrase.generation.server.Dialects;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The server that samples, if not this process.
 *
 * @param url such as {@code http://host:8000}; empty where this process samples
 * @param dialect what kind of server it is
 * @param model as the server calls it; empty takes the first it lists
 * @param keyVariable NAME of the environment variable with the key; empty sends none
 * @param timeoutSeconds of one attempt
 * @param deadlineSeconds of a request with all attempts and the pauses between them
 * @param retries of a request
 * @param logProbs which log-probs the server gives; empty: as its kind does
 * @param announce how it hears of new weights
 * @param command for {@link Announce#COMMAND}: its words, {@code {folder}} and {@code {version}}
 *     replaced
 */
public record EndpointConfig(
    String url,
    String dialect,
    String model,
    String keyVariable,
    int timeoutSeconds,
    int deadlineSeconds,
    int retries,
    Optional<LogProbs> logProbs,
    Announce announce,
    List<String> command) {

  private static final Pattern KEY_IN_WORDS =
      Pattern.compile("(?i)bearer |api[-_]?key[=:]|\\b(sk|hf|gsk)[-_][a-z0-9]{8,}");

  /** What the log-probs of an answer are of. */
  public enum LogProbs {
    /** The logits, whatever the temperature. */
    UNSCALED,
    /** The logits divided by the temperature, before top-k and top-p. */
    SCALED
  }

  /** How the server hears of new weights. */
  public enum Announce {
    /** Not at all: it has the policy the run starts from. */
    NONE,
    /** By its own call. */
    CALL,
    /** By a command that returns when it has them. */
    COMMAND
  }

  public EndpointConfig {
    command = List.copyOf(command);
    if (!url.isEmpty()) {
      url = new EndpointAddress(url).url();
    }
    Rules.oneOf("dialect", dialect, Dialects.class);
    EndpointKey.checkName(keyVariable);
    Rules.atLeast("timeoutSeconds", timeoutSeconds, 1);
    Rules.atLeast("deadlineSeconds", deadlineSeconds, 1);
    Rules.atLeast("retries", retries, 0);
    if (announce == Announce.CALL && !kind(dialect).takesUpWeights()) {
      throw new IllegalArgumentException(
          "announce = call: a server of the kind %s has no call to take up weights; use announce = command, with a command that restarts it with them"
              .formatted(dialect));
    }
    checkCommand(announce, command);
  }

  private static void checkCommand(Announce announce, List<String> command) {
    if ((announce == Announce.COMMAND) == command.isEmpty()) {
      throw new IllegalArgumentException(
          "command goes with announce = command, got announce = %s and %d words; give both or neither"
              .formatted(Names.of(announce), command.size()));
    }
    if (command.stream().anyMatch(word -> KEY_IN_WORDS.matcher(word).find())) {
      throw new IllegalArgumentException(
          "command must hold no key, since it is stored and everyone sees it in the list of processes; it is not repeated here: let the command read the key from its environment, which is this process's");
    }
  }

  private static Dialects kind(String dialect) {
    return Label.parse(Dialects.class, dialect);
  }

  /** Whether this process samples. */
  public boolean here() {
    return url.isEmpty();
  }

  /** What kind of server it is. */
  public Dialects kind() {
    return kind(dialect);
  }

  /** How long it is waited for. */
  public Patience patience() {
    return Patience.of(timeoutSeconds, deadlineSeconds, retries);
  }

  /** Whether log-probs are those of the sampling temperature. */
  public boolean scaledLogProbs() {
    return logProbs.map(given -> given == LogProbs.SCALED).orElseGet(() -> kind().scalesLogProbs());
  }
}
