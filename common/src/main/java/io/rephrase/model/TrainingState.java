package io.rephrase.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonObject;
import io.rephrase.CheckpointException;
import io.rephrase.model.weights.StoredTensor;
import io.rephrase.model.weights.TensorSource;
import io.rephrase.model.weights.TensorType;
import io.rephrase.model.weights.WeightFiles;
import io.rephrase.model.weights.WeightWriter;
import io.rephrase.torch.ScriptModule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Gradients, AdamW's moments and step count: what a model has only when it is trained. */
final class TrainingState {
  private static final ScriptModule KERNELS = ScriptModule.of("policy");
  private static final String STATE = "optimizer.safetensors";
  private static final String STEP = "optimizer.json";
  private static final String FIRST = "first_moment.";
  private static final String SECOND = "second_moment.";
  private static final String WEIGHT = "weight.";

  private final TrainedWeights trained;
  private final NDArray nothing;
  private final Map<String, NDArray> gradients = new LinkedHashMap<>();
  private final Map<String, NDArray> firstMoments = new LinkedHashMap<>();
  private final Map<String, NDArray> secondMoments = new LinkedHashMap<>();
  private final List<NDList> layerWeights = new ArrayList<>();
  private final List<NDList> layerGradients = new ArrayList<>();
  private long steps;

  TrainingState(TrainedWeights trained, NDManager owner) {
    this.trained = trained;
    this.nothing = owner.zeros(new Shape(0), DataType.FLOAT32);
    trained
        .byName()
        .forEach(
            (name, weight) -> {
              gradients.put(name, owner.zeros(weight.getShape(), DataType.FLOAT32));
              firstMoments.put(name, owner.zeros(weight.getShape(), DataType.FLOAT32));
              secondMoments.put(name, owner.zeros(weight.getShape(), DataType.FLOAT32));
            });
    for (int layer = 0; layer < trained.layers(); layer++) {
      NDList ofLayer = new NDList();
      NDList buffers = new NDList();
      for (String name : trained.namesOfLayer().apply(layer)) {
        ofLayer.add(trained.byName().get(name));
        buffers.add(gradient(name));
      }
      ofLayer.forEach(weight -> weight.setRequiresGradient(true));
      layerWeights.add(ofLayer);
      layerGradients.add(buffers);
    }
    weightOf(Architecture.FINAL_NORM).forEach(weight -> weight.setRequiresGradient(true));
  }

  NDArray gradient(String name) {
    return Objects.requireNonNull(gradients.get(name), name);
  }

  /** The gradient of a weight; an array without a number where that is not trained. */
  NDArray gradientOrNothing(String name) {
    return gradients.getOrDefault(name, nothing);
  }

  /** One weight alone; nothing where it is not trained. */
  NDList weightOf(String name) {
    return only(trained.byName(), name);
  }

  /** Its gradient. */
  NDList gradientOf(String name) {
    return only(gradients, name);
  }

  private static NDList only(Map<String, NDArray> arrays, String name) {
    return arrays.containsKey(name) ? new NDList(arrays.get(name)) : new NDList();
  }

  /** What of a block is trained. */
  NDList layerWeights(int layer) {
    return layerWeights.get(layer);
  }

  NDList layerGradients(int layer) {
    return layerGradients.get(layer);
  }

  /** See {@link PolicyModel#clipGradients}; as PyTorch's clip_grad_norm_, 1e-6 in the quotient. */
  double clip(double maxNorm) {
    if (!(maxNorm > 0)) {
      throw new IllegalArgumentException(
          "maxNorm must be positive, got " + maxNorm + "; infinity only measures");
    }
    NDList all = list(gradients);
    double norm = KERNELS.number("norm", all);
    double factor = maxNorm / (norm + 1e-6);
    if (factor < 1 && Double.isFinite(norm)) {
      KERNELS.run("scale", all, factor);
    }
    return norm;
  }

  void step(AdamWSettings settings) {
    steps++;
    KERNELS.run(
        "adamw",
        list(trained.byName()),
        list(gradients),
        list(firstMoments),
        list(secondMoments),
        (double) steps,
        new double[] {
          settings.learningRate(),
          settings.beta1(),
          settings.beta2(),
          settings.epsilon(),
          settings.weightDecay()
        });
    trained.changed().run();
  }

  /** Of gradients and moments. */
  long nativeBytes() {
    return ModelWeights.nativeBytes(gradients)
        + ModelWeights.nativeBytes(firstMoments)
        + ModelWeights.nativeBytes(secondMoments);
  }

  void zeroGradients() {
    KERNELS.run("zero", list(gradients));
  }

  /** Writes the moments. */
  void save(Path folder) {
    write(folder, new ArrayList<>());
  }

  /**
   * Writes the weights as well, for a policy whose folder holds them rounded: steps smaller than
   * the rounding would be lost with every start.
   */
  void saveWithWeights(Path folder) {
    List<TensorSource> tensors = new ArrayList<>();
    trained.byName().forEach((name, array) -> tensors.add(new NativeTensor(WEIGHT + name, array)));
    write(folder, tensors);
  }

  private void write(Path folder, List<TensorSource> tensors) {
    firstMoments.forEach((name, array) -> tensors.add(new NativeTensor(FIRST + name, array)));
    secondMoments.forEach((name, array) -> tensors.add(new NativeTensor(SECOND + name, array)));
    JsonObject count = new JsonObject();
    count.addProperty("step", steps);
    FolderWriter.write(
        folder,
        partial -> {
          new WeightWriter(TensorType.F32, Long.MAX_VALUE)
              .writeFile(partial.resolve(STATE), tensors);
          FolderWriter.writeText(partial.resolve(STEP), count.toString());
        });
  }

  void load(Path folder) {
    if (!Files.isRegularFile(folder.resolve(STATE))) {
      throw new CheckpointException(
          "%s lacks %s; give a folder that an optimizer was saved to".formatted(folder, STATE));
    }
    long loadedSteps =
        ConfigFile.read(folder.resolve(STEP)).number("step").orElse(-1.0).longValue();
    if (loadedSteps < 0) {
      throw new CheckpointException(
          "%s must hold step, a number >= 0; save the optimizer again"
              .formatted(folder.resolve(STEP)));
    }
    WeightFiles files = WeightFiles.single(folder, STATE);
    Map<StoredTensor, NDArray> found = new LinkedHashMap<>();
    firstMoments.forEach((name, array) -> found.put(stored(files, FIRST + name, array), array));
    secondMoments.forEach((name, array) -> found.put(stored(files, SECOND + name, array), array));
    Set<String> names = files.names();
    trained
        .byName()
        .forEach(
            (name, array) -> {
              if (names.contains(WEIGHT + name)) {
                found.put(stored(files, WEIGHT + name, array), array);
              }
            });
    found.forEach((tensor, array) -> files.read(tensor, ModelWeights.sinkInto(array)));
    steps = loadedSteps;
    trained.changed().run();
  }

  private static StoredTensor stored(WeightFiles files, String name, NDArray array) {
    return files.tensor(name, NativeTensor.sizes(array));
  }

  private static NDList list(Map<String, NDArray> arrays) {
    return new NDList(arrays.values().toArray(NDArray[]::new));
  }
}
