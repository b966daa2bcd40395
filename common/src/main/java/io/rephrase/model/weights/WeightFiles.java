package io.rephrase.model.weights;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.rephrase.CheckpointException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * The safetensors of a checkpoint folder: {@code model.safetensors}, or the shards that {@code
 * model.safetensors.index.json} names. Immutable; keeps no file open.
 */
public final class WeightFiles {
  /** File name of a checkpoint that is not sharded. */
  public static final String SINGLE = "model.safetensors";

  /** File name of a sharded checkpoint's index. */
  public static final String INDEX = "model.safetensors.index.json";

  private static final int PIECE_NUMBERS = 1 << 22;

  private final Path folder;
  private final Map<String, StoredTensor> tensors;

  private WeightFiles(Path folder, Map<String, StoredTensor> tensors) {
    this.folder = folder;
    this.tensors = tensors;
  }

  /**
   * Reads and checks the headers.
   *
   * @throws CheckpointException if files are missing, damaged or contradict each other
   */
  public static WeightFiles of(Path folder) {
    if (Files.isRegularFile(folder.resolve(INDEX))) {
      return new WeightFiles(folder, sharded(folder));
    }
    if (!Files.isRegularFile(folder.resolve(SINGLE))) {
      throw new CheckpointException(
          "%s holds neither %s nor %s; give a Hugging Face folder with safetensors weights"
              .formatted(folder, SINGLE, INDEX));
    }
    return single(folder, SINGLE);
  }

  /** One file of any name. */
  public static WeightFiles single(Path folder, String fileName) {
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    SafetensorsHeader.read(folder.resolve(fileName))
        .forEach(tensor -> tensors.put(tensor.name(), tensor));
    return new WeightFiles(folder, tensors);
  }

  private static Map<String, StoredTensor> sharded(Path folder) {
    Map<String, Set<String>> namesByShard = new TreeMap<>();
    weightMap(folder)
        .forEach(
            (name, shard) -> namesByShard.computeIfAbsent(shard, s -> new TreeSet<>()).add(name));
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    namesByShard.forEach(
        (shard, names) -> {
          Path file = shardFile(folder, shard);
          List<StoredTensor> found = SafetensorsHeader.read(file);
          found.stream()
              .filter(tensor -> names.remove(tensor.name()))
              .forEach(tensor -> tensors.put(tensor.name(), tensor));
          if (!names.isEmpty()) {
            throw new CheckpointException(
                "%s names %s in %s, but that file lacks it; fetch both again"
                    .formatted(folder.resolve(INDEX), names, shard));
          }
        });
    return tensors;
  }

  private static Path shardFile(Path folder, String shard) {
    Path file = folder.resolve(fileName(folder, shard));
    if (!Files.isRegularFile(file)) {
      throw new CheckpointException(
          "%s names the shard %s, which is missing; fetch it into %s"
              .formatted(folder.resolve(INDEX), shard, folder));
    }
    return file;
  }

  private static Path fileName(Path folder, String shard) {
    try {
      Path name = Path.of(shard);
      if (name.equals(name.getFileName()) && !shard.equals("..")) {
        return name;
      }
    } catch (InvalidPathException e) {
      // refused below: no file has such a name
    }
    throw new CheckpointException(
        "%s names the shard %s, but shards must lie in the same folder; repair the index"
            .formatted(folder.resolve(INDEX), shard));
  }

  private static Map<String, String> weightMap(Path folder) {
    Path index = folder.resolve(INDEX);
    try {
      JsonObject json = JsonParser.parseString(Files.readString(index)).getAsJsonObject();
      Map<String, String> shards = new LinkedHashMap<>();
      for (Map.Entry<String, JsonElement> entry : json.getAsJsonObject("weight_map").entrySet()) {
        shards.put(entry.getKey(), entry.getValue().getAsString());
      }
      return shards;
    } catch (IOException
        | JsonParseException
        | IllegalStateException
        | NullPointerException
        | ClassCastException
        | UnsupportedOperationException e) {
      throw new CheckpointException(
          index + " must be a JSON object with a weight_map of names to file names; fetch it again",
          e);
    }
  }

  /** Names of all tensors. */
  public Set<String> names() {
    return Set.copyOf(tensors.keySet());
  }

  /** Whether there is a tensor of that name. */
  public boolean contains(String name) {
    return tensors.containsKey(name);
  }

  /**
   * A tensor of a known shape.
   *
   * @throws CheckpointException if it is missing or of another shape
   */
  public StoredTensor tensor(String name, List<Long> shape) {
    StoredTensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new CheckpointException(
          "%s lacks the tensor %s, which the model's config.json calls for; use files that belong to one model"
              .formatted(folder, name));
    }
    if (!tensor.shape().equals(shape)) {
      throw new CheckpointException(
          "%s: tensor %s has shape %s, but the model's config.json calls for %s; use files that belong to one model"
              .formatted(tensor.file(), name, tensor.shape(), shape));
    }
    return tensor;
  }

  /**
   * Refuses weights that nobody will use: a model computed without some of its weights is another.
   *
   * @param known whether a tensor of that name is used, or may well be left out
   * @throws CheckpointException if there is another
   */
  public void requireNoneBut(Predicate<String> known) {
    tensors.values().stream()
        .filter(tensor -> !known.test(tensor.name()))
        .findFirst()
        .ifPresent(
            tensor -> {
              throw new CheckpointException(
                  "%s: tensor %s has no place in the model that config.json describes; use files that belong to one model"
                      .formatted(tensor.file(), tensor.name()));
            });
  }

  /** Reads a tensor, widened to float32, in pieces of some 16 MB. */
  public void read(StoredTensor tensor, FloatSink sink) {
    FloatBuffer piece =
        ByteBuffer.allocateDirect((int) Math.min(PIECE_NUMBERS, tensor.size()) * Float.BYTES)
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    try (FileChannel channel = FileChannel.open(tensor.file(), StandardOpenOption.READ)) {
      for (long start = 0; start < tensor.size(); start += PIECE_NUMBERS) {
        long count = Math.min(PIECE_NUMBERS, tensor.size() - start);
        ByteBuffer bytes =
            channel
                .map(
                    FileChannel.MapMode.READ_ONLY,
                    tensor.start() + start * tensor.type().bytes(),
                    count * tensor.type().bytes())
                .order(ByteOrder.LITTLE_ENDIAN);
        piece.clear();
        tensor.type().widen(bytes, piece);
        sink.accept(start, piece.flip());
      }
    } catch (IOException e) {
      throw new CheckpointException(
          "%s: tensor %s cannot be read: %s"
              .formatted(tensor.file(), tensor.name(), e.getMessage()),
          e);
    }
  }
}
