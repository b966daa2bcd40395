package io.rephrase.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.rephrase.CheckpointException;
import io.rephrase.data.Seeds;
import io.rephrase.model.weights.StoredTensor;
import io.rephrase.model.weights.TensorType;
import io.rephrase.model.weights.WeightFiles;
import io.rephrase.model.weights.WeightWriter;
import io.rephrase.torch.ScriptModule;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A and B beside the frozen matrices of a model, float32. A block computes {@code x W' + scale (x
 * A') B'}: forming W + scale B A instead would make autograd keep, or a pass compute again, a
 * float32 copy of every matrix and of its gradient, which is the memory that LoRA is there to save.
 * Valid until the manager that owns them is closed.
 */
final class LoraAdapters {
  private static final ScriptModule TENSORS = ScriptModule.of("tensors");

  private final AdapterConfig config;
  private final List<LoraModule> modules;
  private final Map<String, NDArray> byName = new LinkedHashMap<>();
  private final List<NDList> layers = new ArrayList<>();

  private LoraAdapters(
      AdapterConfig config, ModelConfig model, List<LoraModule> modules, NDManager owner) {
    this.config = config;
    this.modules = modules;
    for (LoraModule module : modules) {
      byName.put(module.downName(), zeros(owner, module.downShape(model, config.rank())));
      byName.put(module.upName(), zeros(owner, module.upShape(model, config.rank())));
    }
    for (int layer = 0; layer < model.layers(); layer++) {
      layers.add(modules.isEmpty() ? new NDList() : inputs(layer, owner));
    }
  }

  private static NDArray zeros(NDManager owner, List<Long> shape) {
    return owner.zeros(ModelWeights.shapeOf(shape), DataType.FLOAT32);
  }

  private NDList inputs(int layer, NDManager owner) {
    NDList inputs = new NDList();
    for (LayerWeight weight : LayerWeight.COMMON) {
      LoraModule module = new LoraModule(layer, weight);
      for (String name : List.of(module.downName(), module.upName())) {
        NDArray array = byName.get(name);
        inputs.add(array == null ? owner.zeros(new Shape(0), DataType.FLOAT32) : array);
      }
    }
    return inputs;
  }

  /** No adapters: the model is computed as it is. */
  static LoraAdapters none(ModelConfig model, NDManager owner) {
    return new LoraAdapters(new AdapterConfig("", 1, 1, List.of()), model, List.of(), owner);
  }

  /** Those of the policy; none where it is a whole model. */
  static LoraAdapters of(PolicyFolder policy, ModelConfig model, NDManager owner) {
    return policy.adapted() ? load(policy, model, owner) : none(model, owner);
  }

  /** Those of the policy, to be trained on; fresh ones where it is a whole model. */
  static LoraAdapters trained(
      PolicyFolder policy, LoraSettings settings, ModelConfig model, NDManager owner) {
    return policy.adapted()
        ? load(policy, settings, model, owner)
        : fresh(settings, policy.baseName(), model, owner);
  }

  /**
   * Adapters that change nothing yet: A uniform within 1 / sqrt(in), as PEFT draws it, and B zero.
   *
   * @param base name of the model they are for
   * @throws io.rephrase.ConfigurationException if a target matches nothing
   */
  private static LoraAdapters fresh(
      LoraSettings settings, String base, ModelConfig model, NDManager owner) {
    AdapterConfig config =
        new AdapterConfig(base, settings.rank(), settings.alpha(), settings.targets());
    LoraAdapters adapters =
        new LoraAdapters(config, model, LoraModule.matching(settings, model), owner);
    for (LoraModule module : adapters.modules) {
      long seed = Seeds.order(settings.seed(), module.downName(), 0);
      double bound = 1 / Math.sqrt((double) module.inputs(model));
      NDArray down = adapters.named(module.downName());
      float[] numbers = new float[(int) down.size()];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = (float) (bound * (2 * Seeds.uniform(seed, i) - 1));
      }
      ModelWeights.sinkInto(down).accept(0, FloatBuffer.wrap(numbers));
    }
    return adapters;
  }

  /**
   * Adapters of a folder in PEFT's format.
   *
   * @throws io.rephrase.CheckpointException if it asks for what we do not compute, or is of another
   *     model
   */
  private static LoraAdapters load(PolicyFolder policy, ModelConfig model, NDManager owner) {
    Path folder = policy.folder();
    AdapterConfig config = AdapterConfig.read(folder).on(policy.baseName());
    WeightFiles files = WeightFiles.single(folder, AdapterConfig.WEIGHTS);
    List<LoraModule> modules =
        LoraModule.all(model).stream()
            .filter(module -> files.contains(module.downName()) || files.contains(module.upName()))
            .toList();
    Map<String, StoredTensor> stored = new LinkedHashMap<>();
    for (LoraModule module : modules) {
      String down = module.downName();
      String up = module.upName();
      stored.put(down, files.tensor(down, module.downShape(model, config.rank())));
      stored.put(up, files.tensor(up, module.upShape(model, config.rank())));
    }
    files.requireNoneBut(stored::containsKey);
    if (modules.isEmpty()) {
      throw new CheckpointException(
          "%s holds no lora_A of this model's linear modules; use an adapter of this model"
              .formatted(folder.resolve(AdapterConfig.WEIGHTS)));
    }
    LoraAdapters adapters = new LoraAdapters(config, model, modules, owner);
    stored.forEach(
        (name, tensor) -> files.read(tensor, ModelWeights.sinkInto(adapters.named(name))));
    return adapters;
  }

  /**
   * The same, refused where they are not those that the settings ask for.
   *
   * @throws io.rephrase.CheckpointException naming both
   */
  private static LoraAdapters load(
      PolicyFolder policy, LoraSettings settings, ModelConfig model, NDManager owner) {
    LoraAdapters loaded = load(policy, model, owner);
    AdapterConfig config = loaded.config;
    boolean same =
        config.rank() == settings.rank()
            && config.alpha() == settings.alpha()
            && loaded.modules.equals(LoraModule.matching(settings, model));
    if (!same) {
      throw new CheckpointException(
          "%s holds an adapter of rank %d, alpha %s and %d modules, and training asks for rank %d, alpha %s and targets %s; train on with the adapter's own settings, or merge it first"
              .formatted(
                  policy.folder(),
                  config.rank(),
                  config.alpha(),
                  loaded.modules.size(),
                  settings.rank(),
                  settings.alpha(),
                  settings.targets()));
    }
    return loaded;
  }

  private NDArray named(String name) {
    return Objects.requireNonNull(byName.get(name), name);
  }

  boolean isEmpty() {
    return modules.isEmpty();
  }

  /** A and B of every module, by their names in PEFT's files. */
  Map<String, NDArray> byName() {
    return Collections.unmodifiableMap(byName);
  }

  long nativeBytes() {
    return ModelWeights.nativeBytes(byName);
  }

  /** Names of those of one block. */
  List<String> names(int layer) {
    return modules.stream()
        .filter(module -> module.layer() == layer)
        .flatMap(module -> List.of(module.downName(), module.upName()).stream())
        .toList();
  }

  /** A and B of each of {@link LayerWeight#COMMON} as the kernels want them; nothing if none. */
  NDList layer(int layer) {
    return layers.get(layer);
  }

  double scale() {
    return config.scale();
  }

  /** Adds scale B A to the matrices of a model that holds them as float32. */
  void mergeInto(ModelWeights weights) {
    if (isEmpty()) {
      return;
    }
    for (LoraModule module : modules) {
      NDArray matrix = weights.layer(module.layer(), module.weight()).orElseThrow();
      TENSORS.run("add_product", matrix, named(module.upName()), named(module.downName()), scale());
    }
    weights.changed();
  }

  /** Writes them and their configuration, as PEFT does, into an existing folder. */
  void save(Path folder) throws IOException {
    List<NativeTensor> tensors = new ArrayList<>();
    byName.forEach((name, array) -> tensors.add(new NativeTensor(name, array)));
    new WeightWriter(TensorType.F32, Long.MAX_VALUE)
        .writeFile(folder.resolve(AdapterConfig.WEIGHTS), tensors);
    config.write(folder);
  }
}
