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
  record Limits(int slots, int contextTokens, BooleanSupplier cancelled) {}

  /** Where the work of runs is added up. */
  record Meters(Stopwatch prefill, Stopwatch decode) {}

  private static final int[] NOTHING = {};

  private final Decoder decoder;
  private final ModelConfig config;
  private final NDManager manager;
  private final Limits limits;
  private final Meters meters;
  private final Iterator<GenerationRequest> requests;
  private final List<Slot> active = new ArrayList<>();
  private final int[][] promptInSlot;
  private final Deque<Completion> ended = new ArrayDeque<>();
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
        if (!requests.hasNext()) {
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

  private void admit() {
    while (active.size() < limits.slots() && requests.hasNext()) {
      checkCancelled();
      GenerationRequest request = requests.next();
      Slot slot = new Slot(request);
      Optional<String> wrong = outsideVocabulary(request.promptIds());
      if (wrong.isPresent()) {
        ended.add(slot.fail(wrong.get()));
      } else if (request.promptIds().length >= limits.contextTokens()) {
        ended.add(slot.end(FinishReason.CONTEXT));
      } else {
        start(slot);
      }
    }
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

  private void start(Slot slot) {
    int place = active.size();
    active.add(slot);
    fill(place, slot.request().promptIds());
    try (NDManager step = manager.newSubManager()) {
      take(place, TokenSampler.sample(step, sharedLogits.orElseThrow(), List.of(slot.draw()))[0]);
    }
  }

  /** Leaves the prompt in the slot and the logits after it in {@code sharedLogits}. */
  private void fill(int place, int[] prompt) {
    if (prompt == sharedPrompt && !decoder.stale()) {
      for (int source = 0; source < promptInSlot.length; source++) {
        if (promptInSlot[source] == prompt) {
          if (source != place) {
            decoder.copySlot(source, place, prompt.length);
            promptInSlot[place] = prompt;
          }
          return;
        }
      }
    }
    forgetPrompt();
    Stopwatch.Start start = Stopwatch.Start.now();
    sharedLogits = Optional.of(decoder.prefill(manager, place, prompt));
    meters.prefill().add(start, prompt.length);
    sharedPrompt = prompt;
    promptInSlot[place] = prompt;
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
    try (NDManager step = manager.newSubManager()) {
      NDArray logits = decoder.step(step, ids, positions);
      TokenSampler.Token[] tokens = TokenSampler.sample(step, logits, draws);
      meters.decode().add(start, tokens.length);
      // from the last to the first: an ended slot's place is taken by one already served
      for (int place = tokens.length - 1; place >= 0; place--) {
        take(place, tokens[place]);
      }
    }
  }

  private void take(int place, TokenSampler.Token token) {
    Slot slot = active.get(place);
    if (!Float.isFinite(token.logProb())) {
      end(place, slot.fail("the logits of token %d are not finite".formatted(slot.count())));
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
