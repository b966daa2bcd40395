package io.rephrase.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import io.rephrase.prompt.MetaTokens.Phrases;
import io.rephrase.prompt.MetaTokens.Span;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetaTokensTest {

  private static final int EOS = 0;

  private final MetaTokens metaTokens = new MetaTokens(Phrases.defaults());

  @TempDir Path folder;
  private Tokenizer tokenizer;

  /** One token a character, and " 9" as one token. */
  @BeforeEach
  void openTokenizer() throws IOException {
    StringBuilder vocabulary = new StringBuilder("{\"<eos>\": 0, \" 9\": 1");
    int id = 2;
    for (char c = ' '; c <= '~'; c++) {
      vocabulary.append(", ").append(new com.google.gson.Gson().toJson(String.valueOf(c)));
      vocabulary.append(": ").append(id++);
    }
    vocabulary.append(", \"\\n\": ").append(id).append("}");
    Files.writeString(
        folder.resolve("tokenizer.json"),
        """
        {"version": "1.0",
         "added_tokens": [{"id": 0, "content": "<eos>", "special": true, "single_word": false,
                           "lstrip": false, "rstrip": false, "normalized": false}],
         "pre_tokenizer": {"type": "Split", "pattern": {"Regex": " 9|[\\\\s\\\\S]"},
                           "behavior": "Isolated", "invert": false},
         "decoder": {"type": "Fuse"},
         "model": {"type": "WordLevel", "unk_token": "<eos>", "vocab": %s}}
        """
            .formatted(vocabulary),
        StandardCharsets.UTF_8);
    tokenizer = Tokenizer.open(folder);
  }

  @AfterEach
  void closeTokenizer() {
    tokenizer.close();
  }

  private int[] sampled(String text) {
    return tokenizer.encode(text + "<eos>");
  }

  private String kept(String text) {
    int[] ids = sampled(text);
    Span span = metaTokens.strip(ids, tokenizer, Set.of(EOS));
    assertThat(span.aligned()).as(text).isTrue();
    int[] finalIds = span.apply(ids, EOS);
    assertThat(finalIds).as(text).endsWith(EOS);
    int[] run = Arrays.copyOfRange(ids, span.start(), span.end());
    assertThat(finalIds).as("one run of the sampled ids").startsWith(run);
    return tokenizer.decode(finalIds);
  }

  @Test
  void preamblesAndRemarksGoAndTheSolutionStays() {
    String solution = "36 - 43 = -7. The answer is \\boxed{-7}.";
    assertThat(kept(solution)).isEqualTo(solution);
    assertThat(kept("Sure! Here is the solution in my own words:\n\n" + solution))
        .isEqualTo(solution);
    assertThat(kept("According to the reference solution, " + solution)).isEqualTo(solution);
    assertThat(kept("<solution>\n" + solution + "\n</solution>")).isEqualTo(solution);
    assertThat(kept(solution + "\n\nI hope this helps! Let me know if you have questions."))
        .isEqualTo(solution);
    assertThat(kept("\n " + solution)).isEqualTo(solution);
  }

  @Test
  void aPhraseInTheMiddleStays() {
    String text = "1 + 1 = 2. Sure! Here is more: 2 + 2 = 4.";
    assertThat(kept(text)).isEqualTo(text);
  }

  @Test
  void nothingButMetaTokensLeavesOnlyTheEnd() {
    int[] ids = sampled("Sure! Let me know if it helps.");
    Span span = metaTokens.strip(ids, tokenizer, Set.of(EOS));
    assertThat(span.apply(ids, EOS)).containsExactly(EOS);
  }

  @Test
  void aCutInsideATokenIsUnaligned() {
    // "Sure!" ends before the token " 9", whose space belongs to what is stripped.
    int[] ids = sampled("Sure! 9 + 1 = 10");
    Span span = metaTokens.strip(ids, tokenizer, Set.of(EOS));
    assertThat(span.aligned()).isFalse();
    assertThat(span.apply(ids, EOS)).isEqualTo(ids);
  }

  @Test
  void theEndIsAppendedOnlyWhereTheTailWasCut() {
    int[] whole = sampled("3 + 1 = 4");
    Span untouched = metaTokens.strip(whole, tokenizer, Set.of(EOS));
    assertThat(untouched).isEqualTo(new Span(0, whole.length, false, true));
    int[] cut = sampled("4\n</answer>");
    Span span = metaTokens.strip(cut, tokenizer, Set.of(EOS));
    assertThat(span).isEqualTo(new Span(0, 1, true, true));
    assertThat(span.apply(cut, EOS)).containsExactly(cut[0], EOS);
  }

  @Test
  void aCompletionCutShortHasNoEndToKeep() {
    int[] ids = tokenizer.encode("3 + 1");
    assertThat(metaTokens.strip(ids, tokenizer, Set.of(EOS)).apply(ids, EOS)).isEqualTo(ids);
  }
}
