package io.rephrase.model.weights;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.rephrase.CheckpointException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * The header of one safetensors file: eight bytes of length, then JSON. Everything the JSON claims
 * is checked against the file before a single number is read.
 */
final class SafetensorsHeader {
  private static final long LONGEST_HEADER_BYTES = 100_000_000;
  private static final String WAY_OUT = "; the file is damaged or was cut short: fetch it again";

  private final Path file;
  private final long fileBytes;
  private final long dataStart;
  private final JsonObject json;

  private SafetensorsHeader(Path file, long fileBytes, long dataStart, JsonObject json) {
    this.file = file;
    this.fileBytes = fileBytes;
    this.dataStart = dataStart;
    this.json = json;
  }

  /**
   * The tensors of a file, in order of their bytes.
   *
   * @throws CheckpointException if the file is not what its header claims
   */
  static List<StoredTensor> read(Path file) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long fileBytes = channel.size();
      if (fileBytes < 8) {
        throw broken(file, "has %d bytes, but a header alone takes 8".formatted(fileBytes));
      }
      long headerBytes = littleEndian(channel, 0, 8).getLong();
      if (headerBytes < 2 || headerBytes > LONGEST_HEADER_BYTES || headerBytes > fileBytes - 8) {
        throw broken(
            file,
            "claims a header of %d bytes, but it must have 2 to %d in this file of %d bytes"
                .formatted(headerBytes, Math.min(LONGEST_HEADER_BYTES, fileBytes - 8), fileBytes));
      }
      String text =
          StandardCharsets.UTF_8.decode(littleEndian(channel, 8, (int) headerBytes)).toString();
      return new SafetensorsHeader(file, fileBytes, 8 + headerBytes, parse(file, text)).tensors();
    } catch (IOException e) {
      throw new CheckpointException(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  private static JsonObject parse(Path file, String text) {
    try {
      return JsonParser.parseString(text).getAsJsonObject();
    } catch (JsonParseException | IllegalStateException e) {
      throw new CheckpointException(file + " has a header that is no JSON object" + WAY_OUT, e);
    }
  }

  private static ByteBuffer littleEndian(FileChannel channel, long position, int bytes)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int read = 0;
    while (read >= 0 && buffer.hasRemaining()) {
      read = channel.read(buffer, position + buffer.position());
    }
    return buffer.flip();
  }

  private List<StoredTensor> tensors() {
    List<StoredTensor> tensors = new ArrayList<>();
    for (Map.Entry<String, JsonElement> entry : json.entrySet()) {
      if (!entry.getKey().equals("__metadata__")) {
        tensors.add(tensor(entry.getKey(), entry.getValue()));
      }
    }
    tensors.sort(Comparator.comparingLong(StoredTensor::start));
    checkDisjoint(tensors);
    return tensors;
  }

  private StoredTensor tensor(String name, JsonElement claim) {
    try {
      JsonObject fields = claim.getAsJsonObject();
      String typeName = fields.get("dtype").getAsString();
      List<Long> shape = longs(fields.getAsJsonArray("shape"));
      List<Long> offsets = longs(fields.getAsJsonArray("data_offsets"));
      if (offsets.size() != 2) {
        throw new IllegalStateException("data_offsets");
      }
      TensorType type =
          TensorType.of(typeName)
              .orElseThrow(
                  () ->
                      new CheckpointException(
                          "%s: tensor %s has dtype %s, but only %s are read; convert the checkpoint to one of them"
                              .formatted(file, name, typeName, TensorType.known())));
      StoredTensor tensor = new StoredTensor(name, file, type, shape, dataStart + offsets.get(0));
      checkOffsets(tensor, offsets.get(0), offsets.get(1));
      return tensor;
    } catch (IllegalStateException
        | NullPointerException
        | ClassCastException
        | NumberFormatException
        | UnsupportedOperationException e) {
      throw new CheckpointException(
          "%s: tensor %s must have dtype, shape and two data_offsets, got %s%s"
              .formatted(file, name, claim, WAY_OUT),
          e);
    }
  }

  private static List<Long> longs(JsonArray array) {
    return array.asList().stream().map(JsonElement::getAsLong).toList();
  }

  private void checkOffsets(StoredTensor tensor, long from, long to) {
    long dataBytes = fileBytes - dataStart;
    if (from < 0 || to < from || to > dataBytes) {
      throw broken(
          file,
          "tensor %s claims bytes [%d, %d), but there are %d"
              .formatted(tensor.name(), from, to, dataBytes));
    }
    long wanted = tensor.type().bytes();
    for (long size : tensor.shape()) {
      if (size < 0 || (size > 0 && wanted > Long.MAX_VALUE / size)) {
        throw broken(file, "tensor %s has shape %s".formatted(tensor.name(), tensor.shape()));
      }
      wanted *= size;
    }
    if (wanted != to - from) {
      throw broken(
          file,
          "tensor %s of shape %s takes %d bytes as %s, but claims %d"
              .formatted(tensor.name(), tensor.shape(), wanted, tensor.type(), to - from));
    }
  }

  private void checkDisjoint(List<StoredTensor> sorted) {
    for (int i = 1; i < sorted.size(); i++) {
      StoredTensor before = sorted.get(i - 1);
      StoredTensor after = sorted.get(i);
      if (before.start() + before.size() * before.type().bytes() > after.start()) {
        throw broken(file, "tensors %s and %s overlap".formatted(before.name(), after.name()));
      }
    }
  }

  private static CheckpointException broken(Path file, String what) {
    return new CheckpointException(file + ": " + what + WAY_OUT);
  }
}
