package io.rephrase.generation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.rephrase.data.FinishReason;
import io.rephrase.model.ModelConfig;
import io.rephrase.model.TorchPolicyModel;
import io.rephrase.model.decode.Decoder;
import io.rephrase.torch.ScriptModule;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * One run over a stream of requests. Active completions stand in the first slots of the cache: when
 * one ends, the last takes its place, so that a step computes active rows only.
 */
final class ContinuousBatch implements Iterator<Completion> {

  /** What bounds a run. */
  record Limits(int slots, int contextTokens, MemoryBudget memory, BooleanSupplier cancelled) {}

  /** Where the work of runs is added up. */
  record Meters(Stopwatch prefill, Stopwatch decode) {}

  private static final int[] NOTHING = {};

  /** New prompts are computed together up to about so many tokens; more gain nothing. */
  private static final int PASS_TOKENS = 1024;

  private final Decoder decoder;
  private final ModelConfig config;
  private final NDManager manager;
  private final Limits limits;
  private final Meters meters;
  private final Iterator<GenerationRequest> requests;
  private final List<Slot> active = new ArrayList<>();
  private final int[][] promptInSlot;
  private final Deque<Completion> ended = new ArrayDeque<>();
  private Optional<GenerationRequest> waiting = Optional.empty();
  private Optional<NDArray> sharedLogits = Optional.empty();
  private int[] sharedPrompt = NOTHING;

  ContinuousBatch(
      Decoder decoder,
      TorchPolicyModel model,
      Limits limits,
      Meters meters,
      Iterator<GenerationRequest> requests) {
    this.decoder = decoder;
    this.config = model.config();
    this.manager = model.manager();
    this.limits = limits;
    this.meters = meters;
    this.requests = requests;
    this.promptInSlot = new int[limits.slots()][];
    Arrays.fill(promptInSlot, NOTHING);
  }

  @Override
  public boolean hasNext() {
    ScriptModule.prepareThread();
    try {
      advance();
    } catch (RuntimeException | Error e) {
      forgetPrompt();
      throw e;
    }
    return !ended.isEmpty();
  }

  @Override
  public Completion next() {
    if (!hasNext()) {
      throw new NoSuchElementException("all requests are answered");
    }
    return ended.remove();
  }

  private void advance() {
    while (ended.isEmpty()) {
      checkCancelled();
      admit();
      if (active.isEmpty()) {
        if (!more()) {
          forgetPrompt();
          return;
        }
      } else {
        step();
      }
    }
  }

  private void checkCancelled() {
    if (limits.cancelled().getAsBoolean()) {
      active.clear();
      throw new InterruptedGenerationException("generation was cancelled by its task");
    }
  }

  private boolean more() {
    return waiting.isPresent() || requests.hasNext();
  }

  private void admit() {
    while (ended.isEmpty() && active.size() < limits.slots() && more()) {
      List<Slot> fresh = collect();
      if (fresh.isEmpty() && waiting.isPresent()) {
        return;
      }
      int sharing = 0;
      while (sharing < fresh.size() && promptIsThere(fresh.get(sharing))) {
        sharing++;
      }
      if (sharing > 0) {
        start(fresh.subList(0, sharing));
      }
      List<Slot> unread = fresh.subList(sharing, fresh.size());
      if (!unread.isEmpty() && active.isEmpty()) {
        start(unread);
      } else if (!unread.isEmpty()) {
        join(unread);
      }
    }
  }

  /**
   * Requests for the free slots, as many as are worth one pass over their prompts and as fit in
   * memory; the first that does not waits, and all others behind it.
   */
  private List<Slot> collect() {
    List<Slot> fresh = new ArrayList<>();
    int[] previous = sharedPrompt;
    int tokens = 0;
    while (active.size() + fresh.size() < limits.slots() && tokens < PASS_TOKENS && more()) {
      checkCancelled();
      GenerationRequest request = waiting.orElseGet(requests::next);
      waiting = Optional.empty();
      Slot slot = new Slot(request);
      int[] prompt = request.promptIds();
      Optional<Completion> unusable = unusable(slot);
      int pass = tokens + (prompt == previous ? 0 : prompt.length);
      if (unusable.isPresent()) {
        ended.add(unusable.get());
      } else if (!fits(fresh, slot, pass)) {
        waiting = Optional.of(request);
        return fresh;
      } else {
        fresh.add(slot);
        tokens = pass;
        previous = prompt;
      }
    }
    return fresh;
  }

  private Optional<Completion> unusable(Slot slot) {
    int[] prompt = slot.request().promptIds();
    if (prompt.length >= limits.contextTokens()) {
      return Optional.of(slot.end(FinishReason.CONTEXT));
    }
    return outsideVocabulary(prompt)
        .or(() -> limits.memory().refusal(prompt.length, slot.mostTokens(limits.contextTokens())))
        .map(slot::fail);
  }

  /** Whether one more fits, with every row as long as it may get. */
  private boolean fits(List<Slot> fresh, Slot slot, int passTokens) {
    List<Slot> rows = new ArrayList<>(active);
    rows.addAll(fresh);
    rows.add(slot);
    int longest =
        rows.stream().mapToInt(row -> row.mostTokens(limits.contextTokens())).max().orElseThrow();
    long held = startsAnew(rows.get(0)) ? 0 : decoder.heldBytes();
    long needed = Math.max(held, limits.memory().rowBytes(rows.size(), longest));
    return needed + limits.memory().passBytes(passTokens) <= limits.memory().bytes();
  }

  private Optional<String> outsideVocabulary(int[] ids) {
    for (int id : ids) {
      if (id < 0 || id >= config.vocabularySize()) {
        return Optional.of(
            "the prompt holds the id %d, but ids must be in [0, %d)"
                .formatted(id, config.vocabularySize()));
      }
    }
    return Optional.empty();
  }

  /** Fills the next places and draws the first token of each. */
  private void start(List<Slot> fresh) {
    if (startsAnew(fresh.get(0))) {
      decoder.emptyCache();
    }
    int first = active.size();
    active.addAll(fresh);
    fitCache();
    List<TokenSampler.Draw> draws = fresh.stream().map(Slot::draw).toList();
    try (NDManager step = manager.newSubManager()) {
      take(first, TokenSampler.sample(step, fill(step, first, fresh), draws));
    }
  }

  /** Whether nothing of the cache is of use to {@code first}: it is emptied then. */
  private boolean startsAnew(Slot first) {
    return active.isEmpty() && !promptIsThere(first);
  }

  /** Makes room for the active rows. */
  private void fitCache() {
    int tokens = active.stream().mapToInt(Slot::lengthTokens).max().orElseThrow();
    if (!decoder.fit(active.size(), tokens)) {
      return;
    }
    for (int place = 0; place < promptInSlot.length; place++) {
      if (place >= active.size() || promptInSlot[place].length > tokens) {
        promptInSlot[place] = NOTHING;
      }
    }
  }

  private boolean promptIsThere(Slot slot) {
    return slot.request().promptIds() == sharedPrompt
        && !decoder.stale()
        && slotOf(sharedPrompt) >= 0;
  }

  /** The first slot that still begins with a prompt; -1 if none does. */
  private int slotOf(int[] prompt) {
    for (int place = 0; place < promptInSlot.length; place++) {
      if (promptInSlot[place] == prompt) {
        return place;
      }
    }
    return -1;
  }

  /** Fills the next places in the pass that brings the active ones forward; counts as prefill. */
  private void join(List<Slot> fresh) {
    int rows = active.size();
    int[] ids = active.stream().mapToInt(Slot::lastId).toArray();
    int[] positions = active.stream().mapToInt(Slot::lastPosition).toArray();
    active.addAll(fresh);
    List<TokenSampler.Draw> draws = active.stream().map(Slot::draw).toList();
    fitCache();
    forgetPrompt();
    UnreadPrompts read = UnreadPrompts.of(rows, fresh);
    try (NDManager step = manager.newSubManager()) {
      Stopwatch.Start start = Stopwatch.Start.now();
      NDArray logits = decoder.stepAndPrefill(step, ids, positions, read.places(), read.distinct());
      meters.prefill().add(start, read.tokens());
      long[] order = new long[rows + fresh.size()];
      Arrays.setAll(order, i -> i < rows ? i : rows + read.row()[i - rows]);
      keep(step, read, rows, logits);
      take(0, TokenSampler.sample(step, TokenSampler.rows(step, logits, order), draws));
    }
  }

  /** Leaves prompts in their places; logits after each of them, a row each. */
  private NDArray fill(NDManager step, int first, List<Slot> fresh) {
    if (promptIsThere(fresh.get(0))) {
      for (int i = 0; i < fresh.size(); i++) {
        copyPrompt(slotOf(sharedPrompt), first + i, sharedPrompt);
      }
      return TokenSampler.rows(step, sharedLogits.orElseThrow(), new long[fresh.size()]);
    }
    forgetPrompt();
    UnreadPrompts read = UnreadPrompts.of(first, fresh);
    Stopwatch.Start start = Stopwatch.Start.now();
    NDArray logits = decoder.prefill(step, read.places(), read.distinct());
    meters.prefill().add(start, read.tokens());
    keep(step, read, 0, logits);
    return TokenSampler.rows(step, logits, Arrays.stream(read.row()).asLongStream().toArray());
  }

  /** Copies each prompt to all who have it; the last may be asked for again. */
  private void keep(NDManager step, UnreadPrompts read, int firstRow, NDArray logits) {
    for (int i = 0; i < read.row().length; i++) {
      int row = read.row()[i];
      copyPrompt(read.places()[row], read.first() + i, read.distinct().get(row));
    }
    int last = read.distinct().size() - 1;
    remember(
        read.distinct().get(last), TokenSampler.rows(step, logits, new long[] {firstRow + last}));
  }

  private void copyPrompt(int source, int target, int[] prompt) {
    if (source != target) {
      decoder.copySlot(source, target, prompt.length);
    }
    promptInSlot[target] = prompt;
  }

  private void remember(int[] prompt, NDArray logits) {
    logits.attach(manager);
    sharedLogits = Optional.of(logits);
    sharedPrompt = prompt;
  }

  private void forgetPrompt() {
    sharedLogits.ifPresent(NDArray::close);
    sharedLogits = Optional.empty();
    sharedPrompt = NOTHING;
  }

  private void step() {
    int[] ids = active.stream().mapToInt(Slot::lastId).toArray();
    int[] positions = active.stream().mapToInt(Slot::lastPosition).toArray();
    List<TokenSampler.Draw> draws = active.stream().map(Slot::draw).toList();
    Stopwatch.Start start = Stopwatch.Start.now();
    fitCache();
    try (NDManager step = manager.newSubManager()) {
      NDArray logits = decoder.step(step, ids, positions);
      TokenSampler.Token[] tokens = TokenSampler.sample(step, logits, draws);
      meters.decode().add(start, tokens.length);
      take(0, tokens);
    }
  }

  /** From the last to the first: an ended slot's place is taken by one already served. */
  private void take(int first, TokenSampler.Token[] tokens) {
    for (int i = tokens.length - 1; i >= 0; i--) {
      take(first + i, tokens[i]);
    }
  }

  private void take(int place, TokenSampler.Token token) {
    Slot slot = active.get(place);
    if (!Float.isFinite(token.logProb())) {
      end(
          place,
          slot.fail(
              "the logits of token %d are not finite: the checkpoint's weights are damaged or its training diverged"
                  .formatted(slot.count())));
      return;
    }
    slot.add(token);
    SamplingParams sampling = slot.request().sampling();
    if (sampling.stopAtEos() && config.eosTokenIds().contains(token.id())) {
      end(place, slot.end(FinishReason.EOS));
    } else if (slot.count() >= sampling.maxTokens()) {
      end(place, slot.end(FinishReason.LENGTH));
    } else if (slot.lengthTokens() >= limits.contextTokens()) {
      end(place, slot.end(FinishReason.CONTEXT));
    }
  }

  private void end(int place, Completion completion) {
    ended.add(completion);
    int last = active.size() - 1;
    Slot moved = active.remove(last);
    if (place < last) {
      decoder.copySlot(last, place, moved.lastPosition());
      promptInSlot[place] = promptInSlot[last];
      active.set(place, moved);
    }
  }
}
