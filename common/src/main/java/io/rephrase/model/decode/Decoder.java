package io.rephrase.model.decode;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.rephrase.model.ModelConfig;
import io.rephrase.model.ModelWeights;
import io.rephrase.model.TorchPolicyModel;
import io.rephrase.torch.ScriptModule;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Decodes the rows of a cache side by side, each at its own position. Reads the model's weights and
 * follows them when they change; what it makes itself is freed by {@link #release} or {@link
 * #close}. Not thread-safe.
 */
public final class Decoder implements AutoCloseable {
  private final ScriptModule kernels;
  private final ModelWeights weights;
  private final ModelConfig config;
  private final NDManager manager;
  private final int slots;
  private final long[] sizes;
  private Optional<FusedWeights> fused = Optional.empty();
  private Optional<KeyValueCache> cache = Optional.empty();

  /**
   * @param slots that most steps will have; they may have any number
   */
  public Decoder(TorchPolicyModel model, int slots) {
    this(model, slots, DecodeKernels.of(model.manager().getDevice()));
  }

  /** With given kernels, as a test compares them. */
  Decoder(TorchPolicyModel model, int slots, ScriptModule kernels) {
    this.kernels = kernels;
    this.weights = model.weights();
    this.config = model.config();
    this.manager = model.manager().newSubManager();
    this.slots = slots;
    this.sizes = new long[] {config.heads(), config.keyValueHeads(), config.headSize()};
  }

  /** Tokens that a slot of the cache holds where so many are asked for: it grows by blocks. */
  public static int heldTokens(ModelConfig config, int tokens) {
    return KeyValueCache.heldTokens(config, tokens);
  }

  /** Bytes of a cache of so many slots of so many tokens each. */
  public static long cacheBytes(ModelConfig config, int slots, int tokens) {
    long perToken = 2L * config.layers() * config.keyValueHeads() * config.headSize();
    return Float.BYTES * perToken * slots * tokens;
  }

  /** Bytes of the packed copies of the matrices: the blocks' and the head's. */
  public static long fusedBytes(ModelConfig config) {
    long heads = (long) config.headSize() * (2L * config.heads() + 2L * config.keyValueHeads());
    long perLayer = config.hiddenSize() * (heads + 3L * config.feedForwardSize());
    long head = (long) config.vocabularySize() * config.hiddenSize();
    return Float.BYTES * (perLayer * config.layers() + head);
  }

  /**
   * Fills slots with prompts, all of them in one pass. Makes room for them as {@link #fit} does.
   *
   * @param inSlots of the cache, one for each prompt
   * @return logits after each prompt's last token, [prompts, V], belonging to {@code owner}
   */
  public NDArray prefill(NDManager owner, int[] inSlots, List<int[]> prompts) {
    fit(
        1 + Arrays.stream(inSlots).max().orElseThrow(),
        prompts.stream().mapToInt(prompt -> prompt.length).max().orElseThrow());
    int[] lengths = prompts.stream().mapToInt(prompt -> prompt.length).toArray();
    try (NDArray ids = ids(prompts.stream().flatMapToInt(Arrays::stream).toArray());
        NDArray places = ids(positions(lengths));
        NDArray ends = ids(lastOfEach(lengths))) {
      return kernels.one(
          owner,
          "prefill",
          ids,
          places,
          ends,
          wide(inSlots),
          wide(lengths),
          fused().tables(),
          cache().keys(),
          cache().values(),
          fused().layers(),
          sizes,
          weights.normEpsilon());
    }
  }

  /** Where the last token of each stretch is, of stretches that follow one another. */
  private static int[] lastOfEach(int[] lengths) {
    int[] ends = lengths.clone();
    Arrays.parallelPrefix(ends, Integer::sum);
    return Arrays.stream(ends).map(end -> end - 1).toArray();
  }

  private static int[] positions(int[] lengths) {
    return Arrays.stream(lengths).flatMap(length -> IntStream.range(0, length)).toArray();
  }

  /**
   * One token for each of the slots 0 to {@code tokenIds.length - 1}. Makes room for them as {@link
   * #fit} does.
   *
   * @param positions where each token stands, from 0
   * @return logits after them, [B, V], belonging to {@code owner}
   */
  public NDArray step(NDManager owner, int[] tokenIds, int[] positions) {
    int length = 1 + Arrays.stream(positions).max().orElseThrow();
    fit(tokenIds.length, length);
    try (NDArray ids = ids(tokenIds);
        NDArray places = ids(positions)) {
      return kernels.one(
          owner,
          "step",
          ids,
          places,
          length,
          fused().tables(),
          cache().keys(),
          cache().values(),
          fused().layers(),
          sizes,
          weights.normEpsilon());
    }
  }

  /**
   * As {@link #step} and {@link #prefill}, in one pass over the weights, which is most of a step's
   * time.
   *
   * @param inSlots none of those that {@code tokenIds} are for
   * @return logits after the tokens, then after each prompt, [B + prompts, V], belonging to {@code
   *     owner}
   */
  public NDArray stepAndPrefill(
      NDManager owner, int[] tokenIds, int[] positions, int[] inSlots, List<int[]> prompts) {
    int length = 1 + Arrays.stream(positions).max().orElseThrow();
    int longest = prompts.stream().mapToInt(prompt -> prompt.length).max().orElseThrow();
    fit(1 + Arrays.stream(inSlots).max().orElseThrow(), Math.max(length, longest));
    int rows = tokenIds.length;
    int[] lengths = prompts.stream().mapToInt(prompt -> prompt.length).toArray();
    IntStream ones = IntStream.generate(() -> 1).limit(rows);
    int[] parts = IntStream.concat(ones, Arrays.stream(lengths)).toArray();
    IntStream all = prompts.stream().flatMapToInt(Arrays::stream);
    try (NDArray ids = ids(IntStream.concat(Arrays.stream(tokenIds), all).toArray());
        NDArray places =
            ids(
                IntStream.concat(Arrays.stream(positions), Arrays.stream(positions(lengths)))
                    .toArray());
        NDArray ends = ids(lastOfEach(parts))) {
      return kernels.one(
          owner,
          "step_and_prefill",
          ids,
          places,
          rows,
          length,
          ends,
          wide(inSlots),
          wide(lengths),
          fused().tables(),
          cache().keys(),
          cache().values(),
          fused().layers(),
          sizes,
          weights.normEpsilon());
    }
  }

  /**
   * Makes room for so many slots of so many tokens. A cache that has to grow gets just these: what
   * lies beyond them is gone.
   *
   * @return whether something may be gone
   */
  public boolean fit(int wantedSlots, int wantedTokens) {
    return cache().fit(wantedSlots, wantedTokens);
  }

  /** Bytes that the cache takes now. */
  public long heldBytes() {
    return cache.map(held -> cacheBytes(config, held.slots(), held.tokens())).orElse(0L);
  }

  /** Frees the cache, but not the copies of the weights. */
  public void emptyCache() {
    cache.ifPresent(KeyValueCache::close);
    cache = Optional.empty();
  }

  /** Copies the first tokens of one slot to another. */
  public void copySlot(int source, int target, int lengthTokens) {
    cache().copy(source, target, lengthTokens);
  }

  /** Whether the weights have moved on since the cache's contents were computed. */
  public boolean stale() {
    return fused.isEmpty() || fused.get().version() != weights.version();
  }

  private NDArray ids(int[] ids) {
    return manager.create(wide(ids), new Shape(ids.length));
  }

  private static long[] wide(int[] numbers) {
    return Arrays.stream(numbers).asLongStream().toArray();
  }

  private KeyValueCache cache() {
    if (cache.isEmpty()) {
      cache = Optional.of(new KeyValueCache(kernels, config, manager));
    }
    return cache.get();
  }

  private FusedWeights fused() {
    if (stale()) {
      fused.ifPresent(FusedWeights::close);
      fused = Optional.of(new FusedWeights(kernels, weights, slots, manager));
    }
    return fused.get();
  }

  /** Frees the cache and the copies of the weights; they are made anew when next needed. */
  public void release() {
    emptyCache();
    fused.ifPresent(FusedWeights::close);
    fused = Optional.empty();
  }

  @Override
  public void close() {
    release();
    manager.close();
  }
}
