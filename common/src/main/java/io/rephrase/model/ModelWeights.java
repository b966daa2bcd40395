package io.rephrase.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.rephrase.CheckpointException;
import io.rephrase.model.weights.FloatSink;
import io.rephrase.model.weights.StoredTensor;
import io.rephrase.model.weights.TensorType;
import io.rephrase.model.weights.WeightFiles;
import io.rephrase.torch.ScriptModule;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * A model's weights as native arrays, by name and by role; float32, but for frozen ones on a GPU,
 * see {@link FrozenType}. Matrices are [out, in]. The arrays are the model's own: a decoder may
 * read them, and must look at {@link #version} before it trusts anything it made of them. Valid
 * until the model is closed.
 */
public final class ModelWeights {
  private static final ScriptModule TENSORS = ScriptModule.of("tensors");
  private static final int POSITIONS_TOGETHER = 4096;

  private final Architecture architecture;
  private final Map<String, NDArray> byName = new LinkedHashMap<>();
  private final List<NDList> layers = new ArrayList<>();
  private final NDArray cosines;
  private final NDArray sines;
  private long nativeBytes;
  private long version;

  private ModelWeights(
      Architecture architecture, Function<String, TensorType> types, NDManager owner) {
    this.architecture = architecture;
    architecture
        .shapes()
        .forEach(
            (name, shape) -> {
              TensorType type = types.apply(name);
              byName.put(name, empty(owner, shape, type));
              nativeBytes += byName.get(name).size() * type.bytes();
            });
    List<LayerWeight> roles = architecture.family().layerWeights();
    for (int layer = 0; layer < architecture.config().layers(); layer++) {
      NDList weights = new NDList(roles.size());
      for (LayerWeight role : roles) {
        weights.add(byName.get(role.tensorName(layer)));
      }
      layers.add(weights);
    }
    int positions = architecture.config().contextTokens();
    Shape table = new Shape(positions, architecture.config().headSize());
    cosines = owner.create(table, DataType.FLOAT32);
    sines = owner.create(table, DataType.FLOAT32);
    for (int from = 0; from < positions; from += POSITIONS_TOGETHER) {
      int to = Math.min(positions, from + POSITIONS_TOGETHER);
      long start = (long) from * architecture.config().headSize();
      sinkInto(cosines).accept(start, FloatBuffer.wrap(architecture.rotary().cosines(from, to)));
      sinkInto(sines).accept(start, FloatBuffer.wrap(architecture.rotary().sines(from, to)));
    }
  }

  /** DJL itself makes no bfloat16 array. */
  private static NDArray empty(NDManager owner, List<Long> shape, TensorType type) {
    if (type == TensorType.F32) {
      return owner.create(shapeOf(shape), DataType.FLOAT32);
    }
    try (NDArray like = owner.zeros(new Shape(0), DataType.FLOAT32)) {
      return TENSORS.one(owner, "bfloat16_zeros", shapeOf(shape).getShape(), like);
    }
  }

  /** The weights of a policy as float32, an adapter merged into them. */
  static ModelWeights load(Architecture architecture, PolicyFolder policy, NDManager owner) {
    ModelWeights weights = new ModelWeights(architecture, name -> TensorType.F32, owner);
    weights.copyFrom(policy, owner);
    return weights;
  }

  /** The weights of a folder as they are, for adapters beside them. */
  static ModelWeights loadFrozen(
      Architecture architecture, Path base, FrozenType frozen, NDManager owner) {
    WeightFiles files = WeightFiles.of(base);
    Map<String, StoredTensor> stored = checked(architecture, files);
    ModelWeights weights =
        new ModelWeights(
            architecture,
            name -> frozen.of(Objects.requireNonNull(stored.get(name)), headName(architecture)),
            owner);
    weights.copyFrom(files, stored);
    return weights;
  }

  /** Everything is looked at before anything changes. */
  private void copyFrom(PolicyFolder policy, NDManager owner) {
    WeightFiles files = WeightFiles.of(policy.base());
    Map<String, StoredTensor> stored = checked(architecture, files);
    try (NDManager merging = owner.newSubManager()) {
      LoraAdapters adapters = LoraAdapters.of(policy, architecture.config(), merging);
      copyFrom(files, stored);
      adapters.mergeInto(this);
    }
  }

  /** Every header is checked before any number is taken, so that a refusal changes nothing. */
  private static Map<String, StoredTensor> checked(Architecture architecture, WeightFiles files) {
    Map<String, StoredTensor> stored = new LinkedHashMap<>();
    architecture.shapes().forEach((name, shape) -> stored.put(name, files.tensor(name, shape)));
    files.requireNoneBut(name -> stored.containsKey(name) || meansNothing(name));
    return stored;
  }

  /** A head that is written though it is tied, and positions that old files hold as well. */
  private static boolean meansNothing(String name) {
    return name.equals(Architecture.HEAD) || name.endsWith(".rotary_emb.inv_freq");
  }

  private void copyFrom(WeightFiles files, Map<String, StoredTensor> stored) {
    stored.forEach((name, tensor) -> files.read(tensor, sinkInto(named(name))));
    version++;
  }

  /** Copies pieces into a native array. */
  static FloatSink sinkInto(NDArray target) {
    return (start, piece) -> {
      try (NDArray copy = target.getManager().create(piece, new Shape(piece.remaining()))) {
        TENSORS.run("copy_slice", target, start, copy);
      }
    };
  }

  static Shape shapeOf(List<Long> sizes) {
    return new Shape(sizes.stream().mapToLong(Long::longValue).toArray());
  }

  /** Takes up the weights of a policy of the same architecture. */
  void takeUp(PolicyFolder policy) {
    if (!architecture.computesAs(Architecture.of(policy.settings()))) {
      throw new CheckpointException(
          "%s holds a model of another architecture than the one loaded; open it anew"
              .formatted(policy.folder()));
    }
    copyFrom(policy, embedding().getManager());
  }

  /** Takes up the weights of another model in this process. */
  void takeUp(ModelWeights other) {
    if (!architecture.computesAs(other.architecture)) {
      throw new IllegalArgumentException(
          "the other model is of another architecture: open it instead");
    }
    TENSORS.run("copy_all", all(), other.all());
    version++;
  }

  /** Marks the weights as changed in place. */
  void changed() {
    version++;
  }

  /** Grows whenever any weight changes. */
  public long version() {
    return version;
  }

  /** All weights by their names in the checkpoint, a tied head left out. */
  public Map<String, NDArray> byName() {
    return Collections.unmodifiableMap(byName);
  }

  /** Of all weights. */
  long nativeBytes() {
    return nativeBytes;
  }

  /** Of float32 arrays. */
  static long nativeBytes(Map<String, NDArray> arrays) {
    return arrays.values().stream().mapToLong(array -> Float.BYTES * array.size()).sum();
  }

  NDList all() {
    return new NDList(byName.values().toArray(NDArray[]::new));
  }

  /** Token embedding, [V, E]. */
  public NDArray embedding() {
    return named(Architecture.EMBEDDING);
  }

  /** Scale of the norm before the head, [E]. */
  public NDArray finalNorm() {
    return named(Architecture.FINAL_NORM);
  }

  /** The vocabulary projection, [V, E]: the embedding itself where they are tied. */
  public NDArray head() {
    return architecture.tiedEmbeddings() ? embedding() : named(Architecture.HEAD);
  }

  private NDArray named(String name) {
    return Objects.requireNonNull(byName.get(name), name);
  }

  String headName() {
    return headName(architecture);
  }

  private static String headName(Architecture architecture) {
    return architecture.tiedEmbeddings() ? Architecture.EMBEDDING : Architecture.HEAD;
  }

  /** One block's weights, in the order of {@link ModelFamily#layerWeights}. */
  public NDList layer(int layer) {
    return layers.get(layer);
  }

  /** One weight of a block, if the family has it. */
  public Optional<NDArray> layer(int layer, LayerWeight role) {
    return Optional.ofNullable(byName.get(role.tensorName(layer)));
  }

  /** Cosines of the rotary positions, [contextTokens, D], both halves alike. */
  public NDArray cosines() {
    return cosines;
  }

  /** Sines of the rotary positions, [contextTokens, D], both halves alike. */
  public NDArray sines() {
    return sines;
  }

  /** Added to the mean square in every norm. */
  public double normEpsilon() {
    return architecture.normEpsilon();
  }

  /** Sizes. */
  public ModelConfig config() {
    return architecture.config();
  }

  /** How a block is computed. */
  public ModelFamily family() {
    return architecture.family();
  }
}
