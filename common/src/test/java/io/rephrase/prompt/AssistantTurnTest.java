package io.rephrase.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A tokenizer of words: a is 0, b is 1, and two tokens end a completion, 2 the text, 3 the turn.
 */
class AssistantTurnTest {

  private static final String TOKENIZER =
      """
      {"version": "1.0", "truncation": null, "padding": null,
       "added_tokens": [
         {"id": 2, "content": "<text_end>", "single_word": false, "lstrip": false,
          "rstrip": false, "normalized": false, "special": true},
         {"id": 3, "content": "<turn_end>", "single_word": false, "lstrip": false,
          "rstrip": false, "normalized": false, "special": true}],
       "normalizer": null, "pre_tokenizer": {"type": "Whitespace"}, "post_processor": null,
       "decoder": null,
       "model": {"type": "WordLevel", "unk_token": "a", "vocab": {"a": 0, "b": 1}}}""";

  private static final String TEMPLATE =
      "{% for m in messages %}<{{ m.role }}>{{ m.content }}<turn_end>{% endfor %}<text_end>";

  @TempDir Path folder;

  @Test
  void turnEndsAsTheChatTemplateEndsIt() throws IOException {
    PromptFormat chat =
        new ChatFormat(ChatTemplate.of("test", TEMPLATE, Map.of()), List.of(), Map.of());
    try (Tokenizer tokenizer = tokenizer()) {
      AssistantTurn turn = AssistantTurn.of(chat, tokenizer, List.of(2, 3));
      assertThat(turn.endId()).isEqualTo(3);
      assertThat(turn.encode(" b a\n")).containsExactly(1, 0, 3);
    }
  }

  @Test
  void bareTextEndsWithTheFirstEnd() throws IOException {
    try (Tokenizer tokenizer = tokenizer()) {
      AssistantTurn turn = AssistantTurn.of(new RawFormat(), tokenizer, List.of(2, 3));
      assertThat(turn.encode("a b b")).containsExactly(0, 1, 1, 2);
    }
  }

  private Tokenizer tokenizer() throws IOException {
    Files.writeString(folder.resolve("tokenizer.json"), TOKENIZER);
    return Tokenizer.open(folder);
  }
}
