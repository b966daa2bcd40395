package io.rephrase.prompt;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Strips what a rephrasing says about the task instead of solving it: preambles and an opening tag
 * at the head, a closing tag and closing remarks at the tail. Never the middle, never inside a
 * token, never by tokenising anew: what is kept is one contiguous run of the sampled ids. Immutable
 * and thread-safe.
 */
public final class MetaTokens {

  private static final int MOST_REMARKS = 16;

  private final Pattern head;
  private final Pattern lastRemark;

  /**
   * @param phrases what is stripped
   */
  public MetaTokens(Phrases phrases) {
    String tags = String.join("|", phrases.tags());
    String opening = tags.isEmpty() ? "(?!)" : "<(?:" + tags + ")>";
    String closing = tags.isEmpty() ? "(?!)" : "</(?:" + tags + ")>";
    this.head =
        Pattern.compile(
            "\\A(?:\\s*(?:"
                + either(phrases.preambles())
                + "|"
                + opening
                + ")){1,"
                + MOST_REMARKS
                + "}",
            Pattern.CASE_INSENSITIVE);
    this.lastRemark =
        Pattern.compile(
            "(?:" + closing + "|" + either(phrases.closings()) + ")\\z", Pattern.CASE_INSENSITIVE);
  }

  private static String either(List<String> expressions) {
    if (expressions.isEmpty()) {
      return "(?!)";
    }
    return expressions.stream().collect(Collectors.joining("|", "(?:", ")"));
  }

  /**
   * Regular expressions, in any case, each matching one whole preamble or remark with its
   * punctuation.
   *
   * @param preambles at the head
   * @param closings at the tail
   * @param tags names, as {@code solution} for {@code <solution>} and {@code </solution>}
   */
  public record Phrases(List<String> preambles, List<String> closings, List<String> tags) {
    public Phrases {
      preambles = List.copyOf(preambles);
      closings = List.copyOf(closings);
      tags = List.copyOf(tags);
    }

    /** What instruction-tuned models usually say in English. */
    public static Phrases defaults() {
      return new Phrases(
          List.of(
              "(?:sure|certainly|of course|okay|ok|alright|absolutely)(?: thing)?[!,.]",
              "here(?:'s| is| are)\\b[^\\n:.]{0,120}:",
              "(?:now,? )?let(?:'s| me| us) (?:solve|restate|rephrase|rewrite|explain)\\b[^\\n:.]{0,120}[:.]",
              "(?:according to|based on|following|using|from) (?:the|this|your) (?:(?:given|provided|above) )?"
                  + "(?:reference|knowledge|solution)(?: solution| answer)?\\s*[,:]",
              "i (?:have read|understand|understood)\\b[^\\n:.]{0,120}[:.]",
              "(?:my |the )?(?:rephrased|restated|rewritten|own) (?:solution|answer|version)\\s*:",
              "\\*{0,2}solution\\*{0,2}\\s*:\\*{0,2}"),
          List.of(
              "(?:i hope (?:this|that|it)|hope this) [^\\n]{0,120}",
              "let me know if [^\\n]{0,160}",
              "(?:this|the above) (?:is|was) (?:the|my|a) (?:rephrased|restated|rewritten) [^\\n]{0,120}",
              "(?:this|which) (?:matches|agrees with|is consistent with) the (?:given |provided )?"
                  + "(?:reference|knowledge|solution)[^\\n]{0,80}",
              "(?:is there anything else|feel free to|please let me know) [^\\n]{0,160}"),
          List.of("solution", "answer", "rephrased", "response"));
    }
  }

  /**
   * The run of sampled ids that is kept.
   *
   * @param start first token kept
   * @param end one past the last token kept
   * @param tailCut whether something was cut at the tail, so that the end-of-sequence id must be
   *     appended
   * @param aligned whether every cut fell between two tokens; if not, start and end are those of
   *     the whole
   */
  public record Span(int start, int end, boolean tailCut, boolean aligned) {

    /** The final ids: the run, and {@code eosTokenId} where the tail was cut. */
    public int[] apply(int[] sampledIds, int eosTokenId) {
      int[] kept = Arrays.copyOfRange(sampledIds, start, tailCut ? end + 1 : end);
      if (tailCut) {
        kept[end - start] = eosTokenId;
      }
      return kept;
    }
  }

  /**
   * What to keep of a sampled completion.
   *
   * @param sampledIds with the end-of-sequence id, if one was sampled
   * @param eosTokenIds any of which ends a completion; no text is looked for behind it
   */
  public Span strip(int[] sampledIds, Tokenizer tokenizer, Set<Integer> eosTokenIds) {
    int bodyEnd = sampledIds.length;
    if (bodyEnd > 0 && eosTokenIds.contains(sampledIds[bodyEnd - 1])) {
      bodyEnd--;
    }
    int[] body = Arrays.copyOf(sampledIds, bodyEnd);
    String text = tokenizer.decode(body);
    Matcher preamble = head.matcher(text);
    int from = preamble.find() ? preamble.end() : 0;
    int to = tailStart(text, from);
    boolean tailCut = to < text.length();
    OptionalInt start = boundary(body, text, from, tokenizer);
    OptionalInt end =
        tailCut ? boundary(body, text, to, tokenizer) : OptionalInt.of(sampledIds.length);
    if (start.isEmpty() || end.isEmpty()) {
      return new Span(0, sampledIds.length, false, false);
    }
    int first = afterSpace(body, start.getAsInt(), tokenizer);
    return new Span(first, Math.max(first, end.getAsInt()), tailCut, true);
  }

  /**
   * Where the closing remarks begin, with the white space before them; the length of the text where
   * there are none.
   */
  int tailStart(CharSequence text, int from) {
    // One at a time from the end: one expression for all of them would try every way to divide
    // white space or repeated remarks, which takes minutes for what a looping policy writes.
    int end = text.length();
    Matcher remark = lastRemark.matcher(text);
    for (int remarks = 0; remarks < MOST_REMARKS; remarks++) {
      if (!remark.region(from, beforeSpace(text, from, end)).find()) {
        return end;
      }
      end = beforeSpace(text, from, remark.start());
    }
    return end;
  }

  private static int beforeSpace(CharSequence text, int from, int end) {
    int last = end;
    while (last > from && Character.isWhitespace(text.charAt(last - 1))) {
      last--;
    }
    return last;
  }

  /**
   * The first place to cut at {@code offset} or within the white space behind it, which a token may
   * hold together with what stands before it, as in ":\n\n", or behind it, as in " First".
   */
  private static OptionalInt boundary(int[] body, String text, int offset, Tokenizer tokenizer) {
    int at = offset;
    OptionalInt boundary = tokenizer.tokenBoundary(body, at);
    while (boundary.isEmpty() && at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
      boundary = tokenizer.tokenBoundary(body, at);
    }
    return boundary;
  }

  /** Behind whole tokens of white space; white space inside the first word's token stays. */
  private static int afterSpace(int[] body, int from, Tokenizer tokenizer) {
    int start = from;
    while (start < body.length
        && tokenizer.decodeWithSpecialTokens(new int[] {body[start]}).isBlank()) {
      start++;
    }
    return start;
  }
}
