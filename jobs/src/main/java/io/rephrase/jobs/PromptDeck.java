package io.rephrase.jobs;

import io.rephrase.InputException;
import io.rephrase.data.Seeds;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which prompts an iteration draws, as a pure function of (seed, iteration): a seeded shuffle
 * without replacement, epoch after epoch; no iteration holds a prompt twice. With a difficulty mix,
 * each difficulty is a deck of its own. Immutable and thread-safe.
 */
final class PromptDeck {

  /**
   * A prompt by its key.
   *
   * @param dataset of the prompt
   * @param promptId within the data set
   * @param difficulty the word the mix uses for its difficulty; blank where it has none
   */
  record Card(String dataset, String promptId, String difficulty) {
    String key() {
      return dataset + "/" + promptId;
    }
  }

  private final long seed;
  private final int promptsPerIteration;
  private final List<Share> shares;

  private record Share(String name, List<Card> cards, int perIteration) {
    Share {
      if (cards.size() < perIteration) {
        throw new InputException(
            "an iteration draws %d prompts (%s) without replacement, and there are only %d; lower rollout.promptsPerIteration or its share in rollout.difficultyMix, or ingest more"
                .formatted(perIteration, name, cards.size()));
      }
    }
  }

  /**
   * @param cards all prompts that may be drawn, in any order
   * @param mix share of each difficulty; empty draws from all alike
   */
  PromptDeck(long seed, int promptsPerIteration, List<Card> cards, Map<String, Double> mix) {
    this.seed = seed;
    this.promptsPerIteration = promptsPerIteration;
    this.shares = deal(cards, new TreeMap<>(mix));
  }

  /** The cards of one iteration, by position: exactly as many as an iteration has. */
  List<Card> iteration(int iteration) {
    List<Card> drawn = new ArrayList<>();
    for (Share share : shares) {
      drawn.addAll(draw(share, iteration));
    }
    // Difficulties are mixed within the iteration, so that every chunk costs about the same.
    return shuffled(drawn, "position", iteration);
  }

  /**
   * Every card that the iteration does not hold, in a seeded order that keeps the mix: what dynamic
   * sampling draws from when it needs more.
   */
  List<Card> reserve(int iteration) {
    Set<Card> drawn = new HashSet<>(iteration(iteration));
    List<Queued> queued = new ArrayList<>();
    for (Share share : shares) {
      List<Card> left = share.cards().stream().filter(card -> !drawn.contains(card)).toList();
      List<Card> order = shuffled(left, "reserve/" + share.name(), iteration);
      for (int i = 0; i < order.size(); i++) {
        queued.add(new Queued(order.get(i), (i + 0.5) / share.perIteration()));
      }
    }
    // The i-th card of a share is due when the share's part of i / perIteration rounds is drawn.
    return queued.stream()
        .sorted(Comparator.comparingDouble(Queued::due).thenComparing(q -> q.card().key()))
        .map(Queued::card)
        .toList();
  }

  private record Queued(Card card, double due) {}

  /** Whole iterations only: what is left at the end of an epoch waits for the next shuffle. */
  private List<Card> draw(Share share, int iteration) {
    int iterationsPerEpoch = share.cards().size() / share.perIteration();
    int from = iteration % iterationsPerEpoch * share.perIteration();
    List<Card> epoch = shuffled(share.cards(), share.name(), iteration / iterationsPerEpoch);
    return epoch.subList(from, from + share.perIteration());
  }

  private List<Card> shuffled(List<Card> cards, String what, int epoch) {
    return cards.stream()
        .map(card -> new Draw(card, Seeds.sample(seed, "order/" + what, epoch, card.key(), 0)))
        .sorted(Comparator.comparingLong(Draw::number).thenComparing(draw -> draw.card().key()))
        .map(Draw::card)
        .toList();
  }

  private record Draw(Card card, long number) {}

  private List<Share> deal(List<Card> cards, Map<String, Double> mix) {
    if (cards.isEmpty()) {
      throw new InputException(
          "no prompts to draw from: the prompts table has none for data.datasets, data.split and"
              + " data.difficulties; ingest some, or widen the three");
    }
    if (mix.isEmpty()) {
      return List.of(new Share("all", sorted(cards), promptsPerIteration));
    }
    double total = mix.values().stream().mapToDouble(Double::doubleValue).sum();
    if (!(total > 0)) {
      throw new InputException("rollout.difficultyMix must have a share above 0, got " + mix);
    }
    List<Share> dealt = new ArrayList<>();
    double sum = 0;
    for (Map.Entry<String, Double> entry : mix.entrySet()) {
      int from = (int) Math.round(sum / total * promptsPerIteration);
      sum += entry.getValue();
      int to = (int) Math.round(sum / total * promptsPerIteration);
      if (to > from) {
        dealt.add(new Share(entry.getKey(), ofDifficulty(cards, entry.getKey()), to - from));
      }
    }
    return List.copyOf(dealt);
  }

  private static List<Card> ofDifficulty(List<Card> cards, String difficulty) {
    List<Card> found =
        sorted(cards.stream().filter(c -> c.difficulty().equals(difficulty)).toList());
    if (found.isEmpty()) {
      throw new InputException(
          "rollout.difficultyMix.%s: there is no prompt of difficulty %s among the %d drawn from; leave it out of the mix"
              .formatted(difficulty, difficulty, cards.size()));
    }
    return found;
  }

  private static List<Card> sorted(List<Card> cards) {
    return cards.stream().sorted(Comparator.comparing(Card::key)).toList();
  }
}
