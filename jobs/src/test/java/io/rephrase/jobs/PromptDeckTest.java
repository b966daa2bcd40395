package io.rephrase.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rephrase.InputException;
import io.rephrase.jobs.PromptDeck.Card;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PromptDeckTest {

  private static List<Card> cards(int count, String difficulty) {
    return IntStream.range(0, count)
        .mapToObj(i -> new Card("sums", difficulty + "-" + i, difficulty))
        .toList();
  }

  @Test
  void anEpochDrawsEveryPromptOnce() {
    PromptDeck deck = new PromptDeck(7, 4, cards(12, "1"), Map.of());
    List<Card> epoch = new ArrayList<>();
    for (int iteration = 0; iteration < 3; iteration++) {
      epoch.addAll(deck.iteration(iteration));
    }
    assertThat(epoch).hasSize(12).doesNotHaveDuplicates().containsAll(cards(12, "1"));
  }

  @Test
  void anIterationIsAFunctionOfTheSeedAndItsNumber() {
    List<Card> reversed = new ArrayList<>(cards(12, "1"));
    java.util.Collections.reverse(reversed);
    assertThat(new PromptDeck(7, 4, reversed, Map.of()).iteration(5))
        .isEqualTo(new PromptDeck(7, 4, cards(12, "1"), Map.of()).iteration(5))
        .isNotEqualTo(new PromptDeck(8, 4, cards(12, "1"), Map.of()).iteration(5));
  }

  @Test
  void aMixDrawsEachDifficultyByItsShare() {
    List<Card> cards = new ArrayList<>(cards(20, "1"));
    cards.addAll(cards(20, "2"));
    List<Card> drawn = new PromptDeck(7, 8, cards, Map.of("1", 1.0, "2", 3.0)).iteration(0);
    // 8 prompts at 1 : 3
    assertThat(drawn).filteredOn(card -> card.difficulty().equals("1")).hasSize(2);
    assertThat(new HashSet<>(drawn)).hasSize(8);
  }

  @Test
  void theReserveIsEveryOtherPromptAndKeepsTheMix() {
    List<Card> cards = new ArrayList<>(cards(20, "1"));
    cards.addAll(cards(20, "2"));
    PromptDeck deck = new PromptDeck(7, 8, cards, Map.of("1", 1.0, "2", 3.0));
    List<Card> reserve = deck.reserve(0);
    assertThat(reserve)
        .hasSize(32)
        .doesNotHaveDuplicates()
        .doesNotContainAnyElementsOf(deck.iteration(0));
    // the next 8 prompts are at 1 : 3 as well
    assertThat(reserve.subList(0, 8)).filteredOn(card -> card.difficulty().equals("1")).hasSize(2);
    assertThat(deck.reserve(0)).isEqualTo(reserve);
    assertThat(deck.reserve(1)).isNotEqualTo(reserve);
  }

  @Test
  void tooFewPromptsAreRefusedWithBothNumbers() {
    assertThatThrownBy(() -> new PromptDeck(7, 8, cards(5, "1"), Map.of()))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(
            "an iteration draws 8 prompts (all) without replacement, and there are only 5");
  }
}
