package io.rephrase.prompt;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.rephrase.CheckpointException;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;

/**
 * The tokenizer of one checkpoint folder: its {@code tokenizer.json}, run by Hugging Face's own
 * library, offline. Nothing is ever cut or padded, and no special token is added that is not in the
 * text; special tokens written out in the text are recognised as such.
 *
 * <p>Owns native memory: whoever opens it closes it. Thread-safe until closed.
 */
public final class Tokenizer implements AutoCloseable {

  private static final String FILE = "tokenizer.json";

  private final Path folder;
  private final HuggingFaceTokenizer delegate;
  private final Map<String, Integer> vocabulary;
  private final int vocabularySize;

  private Tokenizer(
      Path folder, HuggingFaceTokenizer delegate, Map<String, Integer> vocabulary, int size) {
    this.folder = folder;
    this.delegate = delegate;
    this.vocabulary = vocabulary;
    this.vocabularySize = size;
  }

  /**
   * Opens {@code tokenizer.json} of a checkpoint folder.
   *
   * @throws CheckpointException if there is none, or it cannot be read
   */
  public static Tokenizer open(Path checkpointFolder) {
    Path file = checkpointFolder.resolve(FILE);
    if (!Files.isRegularFile(file)) {
      throw new CheckpointException(
          "%s has no %s: a checkpoint needs its tokenizer in Hugging Face's format; copy it from the model's repository, or save it with transformers' save_pretrained"
              .formatted(checkpointFolder, FILE));
    }
    Map<String, Integer> vocabulary = readVocabulary(file);
    int size = 1 + vocabulary.values().stream().mapToInt(Integer::intValue).max().orElse(-1);
    return new Tokenizer(checkpointFolder, openNative(file), vocabulary, size);
  }

  private static HuggingFaceTokenizer openNative(Path file) {
    try {
      return HuggingFaceTokenizer.builder()
          .optTokenizerPath(file)
          .optAddSpecialTokens(false)
          .optTruncation(false)
          .optPadding(false)
          .build();
    } catch (IOException | RuntimeException e) {
      throw unreadable(file, e);
    }
  }

  private static Map<String, Integer> readVocabulary(Path file) {
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      JsonObject root = JsonParser.parseReader(reader).getAsJsonObject();
      Map<String, Integer> vocabulary = new HashMap<>();
      JsonElement model = field(root.getAsJsonObject(), "model").getAsJsonObject();
      JsonElement pieces = field(model.getAsJsonObject(), "vocab");
      if (pieces.isJsonArray()) {
        unigram(pieces.getAsJsonArray(), vocabulary);
      } else {
        pieces.getAsJsonObject().asMap().forEach((k, v) -> vocabulary.put(k, v.getAsInt()));
      }
      if (root.has("added_tokens")) {
        for (JsonElement token : root.getAsJsonArray("added_tokens")) {
          JsonObject added = token.getAsJsonObject();
          vocabulary.put(field(added, "content").getAsString(), field(added, "id").getAsInt());
        }
      }
      return vocabulary;
    } catch (IOException
        | JsonParseException
        | IllegalStateException
        | ClassCastException
        | NumberFormatException
        | UnsupportedOperationException e) {
      throw unreadable(file, e);
    }
  }

  private static JsonElement field(JsonObject object, String name) {
    JsonElement field = object.get(name);
    if (field == null) {
      throw new IllegalStateException("it lacks \"" + name + "\"");
    }
    return field;
  }

  /** A Unigram model lists [piece, score] pairs; the position is the id. */
  private static void unigram(JsonArray pieces, Map<String, Integer> vocabulary) {
    for (int id = 0; id < pieces.size(); id++) {
      vocabulary.put(pieces.get(id).getAsJsonArray().get(0).getAsString(), id);
    }
  }

  private static CheckpointException unreadable(Path file, Throwable cause) {
    return new CheckpointException(
        "%s cannot be read as a Hugging Face tokenizer (%s); copy it anew from the model's repository"
            .formatted(file, cause.getMessage()),
        cause);
  }

  /** The ids of {@code text}; empty for empty text. */
  public int[] encode(String text) {
    if (text.isEmpty()) {
      return new int[0];
    }
    return idsOf(text, false);
  }

  /** As {@link #encode}, with what the tokenizer adds around a text, such as a BOS token. */
  public int[] encodeWithSpecialTokens(String text) {
    return idsOf(text, true);
  }

  /**
   * The ids alone: the masks, spans and words that DJL's own encode adds took a hundred times the
   * memory.
   */
  private int[] idsOf(String text, boolean withSpecialTokens) {
    long encoding = TokenizersLibrary.LIB.encode(delegate.getHandle(), text, withSpecialTokens);
    try {
      return toInts(TokenizersLibrary.LIB.getTokenIds(encoding));
    } finally {
      TokenizersLibrary.LIB.deleteEncoding(encoding);
    }
  }

  /** The text of {@code ids}, without special tokens. */
  public String decode(int[] ids) {
    return ids.length == 0 ? "" : delegate.decode(toLongs(ids), true);
  }

  /** The text of {@code ids}, special tokens written out. */
  public String decodeWithSpecialTokens(int[] ids) {
    return ids.length == 0 ? "" : delegate.decode(toLongs(ids), false);
  }

  /**
   * The number of tokens whose text ends exactly at {@code offset} of {@code decode(ids)}: where
   * the ids can be cut there. Of several, as where special tokens have no text, the smallest.
   *
   * @param offset in characters, from 0 to the length of the text
   * @return empty where the offset falls inside a token
   */
  public OptionalInt tokenBoundary(int[] ids, int offset) {
    String text = decode(ids);
    if (offset < 0 || offset > text.length()) {
      throw new IllegalArgumentException(
          "offset must be in [0, %d], got %d".formatted(text.length(), offset));
    }
    int low = 0;
    int high = ids.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (decode(Arrays.copyOf(ids, middle)).length() < offset) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    String prefix = decode(Arrays.copyOf(ids, low));
    boolean aligned = prefix.length() == offset && text.startsWith(prefix);
    return aligned ? OptionalInt.of(low) : OptionalInt.empty();
  }

  /** The id of one token as {@code tokenizer.json} spells it. */
  public OptionalInt idOf(String token) {
    Integer id = vocabulary.get(token);
    return id == null ? OptionalInt.empty() : OptionalInt.of(id);
  }

  /** One more than the largest id the tokenizer can produce. */
  public int vocabularySize() {
    return vocabularySize;
  }

  /**
   * Checks that every id has a row in the model's embedding. Models may well have more rows than
   * the tokenizer has ids.
   *
   * @param modelVocabularySize of config.json
   * @throws CheckpointException if the tokenizer has more
   */
  public void checkFits(int modelVocabularySize) {
    if (vocabularySize > modelVocabularySize) {
      throw new CheckpointException(
          "%s: %s has ids up to %d but config.json says vocab_size %d; tokenizer and weights must come from the same checkpoint"
              .formatted(folder, FILE, vocabularySize - 1, modelVocabularySize));
    }
  }

  @Override
  public void close() {
    delegate.close();
  }

  private static int[] toInts(long[] ids) {
    int[] ints = new int[ids.length];
    for (int i = 0; i < ids.length; i++) {
      ints[i] = Math.toIntExact(ids[i]);
    }
    return ints;
  }

  private static long[] toLongs(int[] ids) {
    return Arrays.stream(ids).asLongStream().toArray();
  }
}
