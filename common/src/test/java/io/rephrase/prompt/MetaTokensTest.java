package io.rephrase.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import io.rephrase.prompt.MetaTokens.Phrases;
import io.rephrase.prompt.MetaTokens.Span;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

  /** One token a character, but " 9", "!9" and "!\n" are one token each. */
  @BeforeEach
  void openTokenizer() throws IOException {
    StringBuilder vocabulary =
        new StringBuilder("{\"<eos>\": 0, \" 9\": 1, \"!9\": 2, \"!\\n\": 3");
    int id = 4;
    for (char c = ' '; c <= '~'; c++) {
      vocabulary.append(", ").append(new Gson().toJson(String.valueOf(c)));
      vocabulary.append(": ").append(id++);
    }
    vocabulary.append(", \"\\n\": ").append(id).append("}");
    Files.writeString(
        folder.resolve("tokenizer.json"),
        """
        {"version": "1.0",
         "added_tokens": [{"id": 0, "content": "<eos>", "special": true, "single_word": false,
                           "lstrip": false, "rstrip": false, "normalized": false}],
         "pre_tokenizer": {"type": "Split", "pattern": {"Regex": " 9|!9|!\\\\n|[\\\\s\\\\S]"},
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
  void aLoopingPolicyCostsAsManyReadsAsItWroteCharactersTimesTheLengthOfARemark() {
    // A remark has up to 200 characters, whose start and extent 5 expressions try: 1000 reads of a
    // character at most. Every pair of 100,000 line ends would be 50,000 reads of each.
    for (String loop : List.of("4" + "\n".repeat(100_000) + "4", "I hope it ".repeat(40) + "\n4")) {
      assertThat(metaTokens.tailStart(new ReadAtMost(loop, 1000L * loop.length()), 0))
          .isEqualTo(loop.length());
    }
    String remarks = "4" + "\n".repeat(100_000) + "</answer>\n\nI hope this helps!\n";
    assertThat(metaTokens.tailStart(new ReadAtMost(remarks, 1000L * remarks.length()), 0))
        .isEqualTo(1);
  }

  /** A text of which only so many characters may be read. */
  private static final class ReadAtMost implements CharSequence {

    private final String text;
    private long left;

    ReadAtMost(String text, long reads) {
      this.text = text;
      this.left = reads;
    }

    @Override
    public char charAt(int index) {
      if (left-- == 0) {
        throw new AssertionError("read too often: " + text.substring(0, 20).strip() + "…");
      }
      return text.charAt(index);
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.subSequence(start, end);
    }

    @Override
    public String toString() {
      return text;
    }
  }

  @Test
  void aCutInsideATokenIsUnaligned() {
    // "Sure!" ends inside the token "!9".
    int[] ids = sampled("Sure!9 + 1 = 10");
    Span span = metaTokens.strip(ids, tokenizer, Set.of(EOS));
    assertThat(span.aligned()).isFalse();
    assertThat(span.apply(ids, EOS)).isEqualTo(ids);
  }

  @Test
  void whiteSpaceInATokenThatStaysStays() {
    assertThat(kept("Sure! 9 + 1 = 10")).isEqualTo(" 9 + 1 = 10");
    assertThat(kept("Sure! \n 9 + 1 = 10")).isEqualTo(" 9 + 1 = 10");
    assertThat(kept("Sure!\n 9 + 1 = 10")).isEqualTo(" 9 + 1 = 10");
    assertThat(kept("9 + 1 = 10!\n\nI hope this helps!")).isEqualTo("9 + 1 = 10!\n");
  }

  @Test
  void aPreambleOnTheSolutionsLineGoesWhereTheSpaceBelongsToTheNextWord() throws IOException {
    writeBytePairTokenizer();
    try (Tokenizer bytePairs = Tokenizer.open(folder)) {
      assertThat(bytePairs.encode("First we")).hasSize(6); // F i r s t, " we"
      assertThat(bytePairs.encode(" First we")).hasSize(2);
      stripsPreamblesOfTheLine(bytePairs);
    }
  }

  @Test
  void aPreambleOnTheSolutionsLineGoesFromWhatARealCheckpointSamples() {
    try (Tokenizer real = Tokenizer.open(TokenizerTest.checkpoint())) {
      stripsPreamblesOfTheLine(real);
    }
  }

  private void stripsPreamblesOfTheLine(Tokenizer words) {
    for (String preamble :
        List.of(
            "Sure!",
            "Sure! Here is the solution in my own words:",
            "According to the reference solution,",
            "Solution:",
            "Sure!\n\nSolution:")) {
      int[] ids = words.encode(preamble + " First we add 1 and 2: 3");
      Span span = metaTokens.strip(ids, words, Set.of());
      assertThat(span.aligned()).as(preamble).isTrue();
      assertThat(words.decode(span.apply(ids, EOS)))
          .as(preamble)
          .isEqualTo(" First we add 1 and 2: 3");
    }
  }

  /** Byte-level as GPT-2's: one token a character, but " First" and " we" are one token each. */
  private void writeBytePairTokenizer() throws IOException {
    Map<String, Integer> vocabulary = new LinkedHashMap<>();
    for (char c = '!'; c <= '~'; c++) {
      vocabulary.put(String.valueOf(c), vocabulary.size());
    }
    vocabulary.put("Ġ", vocabulary.size()); // how byte-level tokenizers spell a space
    vocabulary.put("Ċ", vocabulary.size()); // and the end of a line
    List<String> merges = new ArrayList<>();
    for (String word : List.of("ĠFirst", "Ġwe")) {
      for (int length = 1; length < word.length(); length++) {
        merges.add(word.substring(0, length) + " " + word.charAt(length));
        vocabulary.putIfAbsent(word.substring(0, length + 1), vocabulary.size());
      }
    }
    Files.writeString(
        folder.resolve("tokenizer.json"),
        """
        {"version": "1.0", "added_tokens": [],
         "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true,
                           "use_regex": true},
         "decoder": {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true,
                     "use_regex": true},
         "model": {"type": "BPE", "vocab": %s, "merges": %s}}
        """
            .formatted(new Gson().toJson(vocabulary), new Gson().toJson(merges)),
        StandardCharsets.UTF_8);
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
