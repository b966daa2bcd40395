package io.rephrase.contamination;

import io.rephrase.data.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The distinct n-grams of a text's normalized words, in order of their first places: GPT-3's
 * measure of contamination (arXiv 2005.14165, appendix C). A text of fewer than n words has one,
 * the whole of it: it shares that with a text of the same words and with no other, be it a longer
 * one that contains it. Immutable.
 */
public final class WordNgrams {

  private final List<String> words;
  private final int length;
  private final List<Integer> starts;
  private final long[] hashes;

  private WordNgrams(List<String> words, int length, Map<Long, Integer> startByHash) {
    this.words = words;
    this.length = length;
    this.starts = List.copyOf(startByHash.values());
    this.hashes = startByHash.keySet().stream().mapToLong(Long::longValue).toArray();
  }

  /**
   * Of a text, which may have none.
   *
   * @param n words of an n-gram, at least 1
   */
  public static WordNgrams of(String text, int n) {
    if (n < 1) {
      throw new IllegalArgumentException("n must be at least 1, got " + n);
    }
    List<String> words = TextNormalizer.words(text);
    int length = Math.min(n, words.size());
    Map<Long, Integer> startByHash = new LinkedHashMap<>();
    if (length > 0) {
      MessageDigest digest = Sha256.digest();
      for (int start = 0; start + length <= words.size(); start++) {
        startByHash.putIfAbsent(hash(digest, words.subList(start, start + length)), start);
      }
    }
    return new WordNgrams(words, length, startByHash);
  }

  /**
   * What they are compared by: 64 bits of the SHA-256 of each. Of 10^13 pairs of different n-grams,
   * a large comparison, some two are taken for the same in one of two million.
   */
  public long[] hashes() {
    return hashes.clone();
  }

  /** The words of the n-gram whose hash is the {@code index}-th, separated by spaces. */
  public String text(int index) {
    int start = starts.get(index);
    return String.join(" ", words.subList(start, start + length));
  }

  private static long hash(MessageDigest digest, List<String> gram) {
    byte[] bytes = String.join(" ", gram).getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.wrap(digest.digest(bytes)).getLong();
  }
}
