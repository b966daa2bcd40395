package io.rephrase.contamination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.text.Normalizer;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class WordNgramsTest {

  @Test
  void caseAndPunctuationMakeNoDifference() {
    assertThat(TextNormalizer.words("Which came FIRST, of these?\n\nA) Stone\tB) \"Bronze\""))
        .containsExactly("which", "came", "first", "of", "these", "a", "stone", "b", "bronze");
    assertThat(TextNormalizer.words("Don’t use well-known e-mail ___ | ~ …"))
        .containsExactly("dont", "use", "well", "known", "e", "-", "mail");
    assertThat(TextNormalizer.words(" \n?!")).isEmpty();
  }

  @Test
  void numbersAndOperatorsAreWords() {
    assertThat(TextNormalizer.words("3 + 4 - 2 ="))
        .isEqualTo(TextNormalizer.words("3+4−2="))
        .containsExactly("3", "+", "4", "-", "2", "=");
    assertThat(TextNormalizer.words("She paid $1,234.50, or 5%, for 3 (three) 5km runs."))
        .containsExactly(
            "she", "paid", "1234.50", "or", "5", "%", "for", "3", "three", "5", "km", "runs");
    // The last comma stands between numbers of a list: no three digits follow it.
    assertThat(TextNormalizer.words("1,000,000 and 10,\\!000 and 10{,}000 and 1,2"))
        .containsExactly("1000000", "and", "10000", "and", "10000", "and", "1", "2");
  }

  @Test
  void unicodeFormsOfOneTextHaveTheSameWords() {
    String composed = "Le café coûte ５ x² ½ 3×4÷2·1 ≤ 7";
    assertThat(TextNormalizer.words(Normalizer.normalize(composed, Normalizer.Form.NFD)))
        .isEqualTo(TextNormalizer.words(composed))
        .containsExactly(
            "le", "café", "coûte", "5", "x", "^", "2", "1", "/", "2", "3", "*", "4", "/", "2", "*",
            "1", "≤", "7");
    assertThat(TextNormalizer.words("求x的值。")).containsExactly("求", "x", "的", "值");
  }

  @Test
  void latexIsReadWithoutItsLayout() {
    assertThat(
            TextNormalizer.words(
                "Let $f(x) = \\dfrac{1}{2}\\,x^{2}$ with \\(x \\leq 3 \\times 4\\text{ cm}\\)."))
        .isEqualTo(
            TextNormalizer.words(
                "let f ( x )=\\frac{1}{2} x^2 with $$ x \\le 3 \\cdot 4 \\quad cm $$"))
        .containsExactly(
            "let", "f", "x", "=", "frac", "1", "2", "x", "^", "2", "with", "x", "≤", "3", "*", "4",
            "cm");
    // Only the command, not a longer one that begins like it.
    assertThat(TextNormalizer.words("\\left( \\leftarrow \\right)")).containsExactly("leftarrow");
  }

  @Test
  void aTextOfManyWordsHasItsDistinctNgramsInOrder() {
    // a b c, b c a, c a b, and a b c again
    WordNgrams ngrams = WordNgrams.of("A, b, c; a b c", 3);

    assertThat(ngrams.hashes()).hasSize(3).doesNotHaveDuplicates();
    assertThat(ngrams.text(0)).isEqualTo("a b c");
    assertThat(ngrams.text(2)).isEqualTo("c a b");
    assertThat(WordNgrams.of("x a B c y", 3).hashes()).contains(ngrams.hashes()[0]);
  }

  @Test
  void aTextOfFewerWordsIsComparedWhole() {
    // 6 words against n = 13: the same sum is found, one that contains it is not.
    assertThat(shared("3 + 4 - 2 =", "3+4-2=", 13)).isEqualTo(1);
    assertThat(shared("3 + 4 - 2 =", "1 + 3 + 4 - 2 =", 13)).isZero();
    // With n = 5 it has two 5-grams, and both stand in the longer sum.
    assertThat(shared("3 + 4 - 2 =", "1 + 3 + 4 - 2 =", 5)).isEqualTo(2);
    assertThat(shared("a b c", "a b c d", 3)).isEqualTo(1);
    assertThat(shared("", "", 13)).isZero();
  }

  @Test
  void aWordOfAnNgramIsNotABoundaryOfAnother() {
    assertThat(shared("ab c", "a bc", 2)).isZero();
    assertThatThrownBy(() -> WordNgrams.of("a", 0)).hasMessage("n must be at least 1, got 0");
  }

  private static long shared(String one, String other, int n) {
    Set<Long> known =
        Arrays.stream(WordNgrams.of(one, n).hashes()).boxed().collect(Collectors.toSet());
    return Arrays.stream(WordNgrams.of(other, n).hashes()).filter(known::contains).count();
  }
}
