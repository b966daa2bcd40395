package io.rephrase.arena;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The arena's character-level tokenizer in Hugging Face's format: one token a character, {@code $}
 * ends a completion.
 */
public final class ArenaVocabulary {

  /** Padding; never scored. */
  public static final int PAD_ID = 0;

  /** End of sequence, written {@code $}. */
  public static final int EOS_ID = 1;

  private static final String CHARACTERS = "0123456789+-=;:#/QKRabcdefghijpm";
  private static final List<String> SPECIAL = List.of("<pad>", "$", "<unk>");

  private ArenaVocabulary() {}

  /** Number of tokens. */
  public static int size() {
    return SPECIAL.size() + CHARACTERS.length();
  }

  /** Writes {@code tokenizer.json} and {@code tokenizer_config.json}. */
  public static void write(Path folder) throws IOException {
    Gson gson = new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();
    Files.writeString(folder.resolve("tokenizer.json"), gson.toJson(tokenizer()) + "\n");
    Files.writeString(folder.resolve("tokenizer_config.json"), gson.toJson(settings()) + "\n");
  }

  private static Map<String, Object> tokenizer() {
    Map<String, Integer> vocabulary = new LinkedHashMap<>();
    List<Map<String, Object>> added = new ArrayList<>();
    for (String token : SPECIAL) {
      added.add(special(vocabulary.size(), token));
      vocabulary.put(token, vocabulary.size());
    }
    for (int i = 0; i < CHARACTERS.length(); i++) {
      vocabulary.put(CHARACTERS.substring(i, i + 1), vocabulary.size());
    }
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("version", "1.0");
    root.put("added_tokens", added);
    Map<String, Object> split = new LinkedHashMap<>();
    split.put("type", "Split");
    split.put("pattern", Map.of("Regex", "[\\s\\S]"));
    split.put("behavior", "Isolated");
    split.put("invert", false);
    root.put("pre_tokenizer", split);
    root.put("decoder", Map.of("type", "Fuse"));
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("type", "WordLevel");
    model.put("vocab", vocabulary);
    model.put("unk_token", "<unk>");
    root.put("model", model);
    return root;
  }

  private static Map<String, Object> special(int id, String token) {
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("id", id);
    entry.put("content", token);
    entry.put("special", true);
    for (String flag : List.of("single_word", "lstrip", "rstrip", "normalized")) {
      entry.put(flag, false);
    }
    return entry;
  }

  private static Map<String, Object> settings() {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("tokenizer_class", "PreTrainedTokenizerFast");
    settings.put("eos_token", "$");
    settings.put("pad_token", "<pad>");
    settings.put("unk_token", "<unk>");
    settings.put("clean_up_tokenization_spaces", false);
    return settings;
  }
}
