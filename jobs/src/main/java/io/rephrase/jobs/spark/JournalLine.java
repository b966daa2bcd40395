package io.rephrase.jobs.spark;

import com.google.gson.Gson;
import com.google.gson.JsonSyntaxException;
import io.rephrase.data.FinishReason;
import io.rephrase.data.Label;
import io.rephrase.data.Sha256;
import io.rephrase.generation.Completion;
import io.rephrase.generation.GenerationRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An answer as a line of JSON.
 *
 * @param request its name: of prompt, seed and sampling, see {@link #name}
 * @param tokenIds sampled
 * @param logProbs of them
 * @param finish label of the reason
 * @param latencyMs of the request
 * @param text where the server gives no ids
 * @param textTokens counted by the server, with {@code text}
 */
record JournalLine(
    String request,
    int[] tokenIds,
    float[] logProbs,
    String finish,
    long latencyMs,
    @Nullable String text,
    int textTokens) {

  private static final Gson GSON = new Gson();

  /** Equal for requests that ask for the very same sample, and for no others. */
  static String name(GenerationRequest request) {
    ByteBuffer ids = ByteBuffer.allocate(4 * request.promptIds().length);
    for (int id : request.promptIds()) {
      ids.putInt(id);
    }
    MessageDigest digest = Sha256.digest();
    digest.update(ids.array());
    digest.update(request.sampling().toString().getBytes(StandardCharsets.UTF_8));
    String hash = HexFormat.of().formatHex(digest.digest(), 0, 12);
    return "%016x-%s".formatted(request.seed(), hash);
  }

  static JournalLine of(String request, Completion completion) {
    return new JournalLine(
        request,
        completion.tokenIds(),
        completion.logProbs(),
        completion.finishReason().label(),
        completion.latencyMs(),
        completion.textAlone().map(Completion.TextAlone::text).orElse(null),
        completion.textAlone().map(Completion.TextAlone::tokens).orElse(0));
  }

  Completion completion(long key) {
    FinishReason reason = Label.parse(FinishReason.class, finish);
    Optional<Completion.TextAlone> alone =
        Optional.ofNullable(text).map(said -> new Completion.TextAlone(said, textTokens));
    return new Completion(key, tokenIds, logProbs, reason, latencyMs, Optional.empty(), alone);
  }

  String json() {
    return GSON.toJson(this);
  }

  /** Empty for a line that a kill cut off. */
  static Optional<JournalLine> parse(String line) {
    try {
      return Optional.ofNullable(GSON.fromJson(line, JournalLine.class))
          .filter(whole -> whole.finish() != null && whole.logProbs() != null);
    } catch (JsonSyntaxException cutOff) {
      return Optional.empty();
    }
  }
}
