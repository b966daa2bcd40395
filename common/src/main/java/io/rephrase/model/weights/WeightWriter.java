package io.rephrase.model.weights;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes safetensors as transformers does: one file, or shards with an index above a limit. Every
 * file is flushed to the disk before the method returns.
 *
 * @param type of the numbers written: F32 or BF16
 * @param shardBytes largest size of one file's numbers; a tensor larger than that has its own file
 */
public record WeightWriter(TensorType type, long shardBytes) {
  private static final int PIECE_NUMBERS = 1 << 21;

  public WeightWriter {
    if (type == TensorType.F16) {
      throw new IllegalArgumentException(
          "type must be F32 or BF16, got F16, which cannot hold all weights that training makes");
    }
    if (shardBytes < 1) {
      throw new IllegalArgumentException("shardBytes must be positive, got " + shardBytes);
    }
  }

  /** Writes a checkpoint's weights into an existing folder. */
  public void write(Path folder, List<? extends TensorSource> tensors) throws IOException {
    List<List<TensorSource>> shards = shards(tensors);
    if (shards.size() == 1) {
      writeFile(folder.resolve(WeightFiles.SINGLE), shards.get(0));
      return;
    }
    JsonObject weightMap = new JsonObject();
    long bytes = 0;
    for (int i = 0; i < shards.size(); i++) {
      String name = "model-%05d-of-%05d.safetensors".formatted(i + 1, shards.size());
      writeFile(folder.resolve(name), shards.get(i));
      for (TensorSource tensor : shards.get(i)) {
        weightMap.addProperty(tensor.name(), name);
        bytes += bytes(tensor);
      }
    }
    JsonObject metadata = new JsonObject();
    metadata.addProperty("total_size", bytes);
    JsonObject index = new JsonObject();
    index.add("metadata", metadata);
    index.add("weight_map", weightMap);
    try (FileChannel channel = create(folder.resolve(WeightFiles.INDEX))) {
      writeFully(channel, StandardCharsets.UTF_8.encode(index.toString()));
      channel.force(true);
    }
  }

  private List<List<TensorSource>> shards(List<? extends TensorSource> tensors) {
    List<List<TensorSource>> shards = new ArrayList<>();
    shards.add(new ArrayList<>());
    long bytes = 0;
    for (TensorSource tensor : tensors) {
      if (bytes > 0 && bytes + bytes(tensor) > shardBytes) {
        shards.add(new ArrayList<>());
        bytes = 0;
      }
      shards.get(shards.size() - 1).add(tensor);
      bytes += bytes(tensor);
    }
    return shards;
  }

  /** Writes one file; it must not exist. */
  public void writeFile(Path file, List<? extends TensorSource> tensors) throws IOException {
    try (FileChannel channel = create(file)) {
      writeFully(channel, header(tensors));
      ByteBuffer bytes =
          ByteBuffer.allocate(PIECE_NUMBERS * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
      for (TensorSource tensor : tensors) {
        for (long start = 0; start < tensor.size(); start += PIECE_NUMBERS) {
          int count = (int) Math.min(PIECE_NUMBERS, tensor.size() - start);
          bytes.clear();
          type.narrow(tensor.read(start, count), bytes);
          writeFully(channel, bytes.flip());
        }
      }
      channel.force(true);
    }
  }

  private ByteBuffer header(List<? extends TensorSource> tensors) {
    JsonObject header = new JsonObject();
    JsonObject metadata = new JsonObject();
    metadata.addProperty("format", "pt");
    header.add("__metadata__", metadata);
    long offset = 0;
    for (TensorSource tensor : tensors) {
      JsonArray shape = new JsonArray();
      tensor.shape().forEach(shape::add);
      JsonArray offsets = new JsonArray();
      offsets.add(offset);
      offset += bytes(tensor);
      offsets.add(offset);
      JsonObject entry = new JsonObject();
      entry.addProperty("dtype", type.name());
      entry.add("shape", shape);
      entry.add("data_offsets", offsets);
      header.add(tensor.name(), entry);
    }
    byte[] json = header.toString().getBytes(StandardCharsets.UTF_8);
    int padded = (json.length + 7) / 8 * 8; // numbers start at a multiple of eight
    ByteBuffer bytes = ByteBuffer.allocate(8 + padded).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(padded).put(json);
    while (bytes.hasRemaining()) {
      bytes.put((byte) ' ');
    }
    return bytes.flip();
  }

  private long bytes(TensorSource tensor) {
    return tensor.size() * type.bytes();
  }

  private static FileChannel create(Path file) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    return FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
