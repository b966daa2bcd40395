package io.rephrase.model.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rephrase.CheckpointException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightFilesTest {
  @TempDir Path folder;

  private record Numbers(String name, List<Long> shape, float[] values) implements TensorSource {
    @Override
    public FloatBuffer read(long start, int count) {
      return FloatBuffer.wrap(Arrays.copyOfRange(values, (int) start, (int) start + count));
    }
  }

  private static final Numbers A = new Numbers("a", List.of(2L, 2L), new float[] {1, -2, 0.5f, 3});
  private static final Numbers B = new Numbers("b", List.of(3L), new float[] {4, 5, 6});

  @Test
  void whatIsWrittenIsReadBack() throws IOException {
    new WeightWriter(TensorType.F32, 1_000_000).write(folder, List.of(A, B));
    WeightFiles files = WeightFiles.of(folder);
    assertThat(files.names()).containsExactlyInAnyOrder("a", "b");
    assertThat(read(files, A)).containsExactly(1, -2, 0.5f, 3);
    assertThat(read(files, B)).containsExactly(4, 5, 6);
  }

  @Test
  void filesAboveTheLimitAreShardedWithAnIndex() throws IOException {
    // a takes 16 bytes and b 12: together more than 20
    new WeightWriter(TensorType.F32, 20).write(folder, List.of(A, B));
    assertThat(folder.resolve("model-00001-of-00002.safetensors")).exists();
    assertThat(Files.readString(folder.resolve(WeightFiles.INDEX)))
        .contains("\"total_size\":28")
        .contains("\"b\":\"model-00002-of-00002.safetensors\"");
    assertThat(read(WeightFiles.of(folder), B)).containsExactly(4, 5, 6);
  }

  @Test
  void bfloat16RoundsToNearestEven() throws IOException {
    // 1 + 2^-8 lies between 1 and 1 + 2^-7: the even one is 1; 1 + 3 * 2^-8 goes to 1 + 2^-6
    float[] values = {1 + 0x1p-8f, 1 + 3 * 0x1p-8f, Float.NaN, Float.NEGATIVE_INFINITY};
    Numbers numbers = new Numbers("n", List.of(4L), values);
    new WeightWriter(TensorType.BF16, 1_000_000).write(folder, List.of(numbers));
    assertThat(read(WeightFiles.of(folder), numbers))
        .containsExactly(1, 1 + 0x1p-6f, Float.NaN, Float.NEGATIVE_INFINITY);
  }

  @Test
  void float16IsWidened() throws IOException {
    // 0x3c00 = 1, 0xc000 = -2, 0x0001 = 2^-24, 0x7c00 = infinity, 0x8000 = -0
    ByteBuffer data = ByteBuffer.allocate(10).order(ByteOrder.LITTLE_ENDIAN);
    for (int half : new int[] {0x3c00, 0xc000, 0x0001, 0x7c00, 0x8000}) {
      data.putShort((short) half);
    }
    write("{\"h\":{\"dtype\":\"F16\",\"shape\":[5],\"data_offsets\":[0,10]}}", data.array());
    assertThat(read(WeightFiles.of(folder), new Numbers("h", List.of(5L), new float[5])))
        .containsExactly(1, -2, 0x1p-24f, Float.POSITIVE_INFINITY, -0f);
  }

  @Test
  void aFolderWithoutWeightsIsRefused() {
    assertThatThrownBy(() -> WeightFiles.of(folder))
        .isInstanceOf(CheckpointException.class)
        .hasMessage(
            folder
                + " holds neither model.safetensors nor model.safetensors.index.json; give a"
                + " Hugging Face folder with safetensors weights");
  }

  @Test
  void aFileCutShortIsRefused() throws IOException {
    new WeightWriter(TensorType.F32, 1_000_000).write(folder, List.of(A, B));
    Path file = folder.resolve(WeightFiles.SINGLE);
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length - 1));
    refused("tensor b claims bytes [16, 28), but there are 27");
    Files.write(file, Arrays.copyOf(whole, 5));
    refused("has 5 bytes, but a header alone takes 8");
    Files.write(file, Arrays.copyOf(whole, 40));
    refused("but it must have 2 to 32 in this file of 40 bytes");
  }

  @Test
  void aHeaderThatClaimsTooMuchIsRefused() throws IOException {
    ByteBuffer huge = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    huge.putLong(Long.MAX_VALUE);
    Files.write(folder.resolve(WeightFiles.SINGLE), huge.array());
    refused("claims a header of 9223372036854775807 bytes");
  }

  @Test
  void aHeaderThatIsNoJsonIsRefused() throws IOException {
    write("{\"a\": nonsense", new byte[0]);
    refused("has a header that is no JSON object");
    write("[1, 2]", new byte[0]);
    refused("has a header that is no JSON object");
  }

  @Test
  void tensorsThatOverlapAreRefused() throws IOException {
    write(
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
            + "\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}}",
        new byte[12]);
    refused("tensors a and b overlap");
  }

  @Test
  void aShapeThatIsNotItsBytesIsRefused() throws IOException {
    write("{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}}", new byte[8]);
    refused("tensor a of shape [3] takes 12 bytes as F32, but claims 8");
    write("{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,8]}}", new byte[8]);
    refused("tensor a has shape [-1]");
    write("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}}", new byte[8]);
    refused("tensor a claims bytes [8, 0)");
    write("{\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,8]}}", new byte[8]);
    refused("tensor a must have dtype, shape and two data_offsets");
  }

  @Test
  void aTypeThatIsNotReadIsRefused() throws IOException {
    write("{\"a\":{\"dtype\":\"I8\",\"shape\":[8],\"data_offsets\":[0,8]}}", new byte[8]);
    refused("tensor a has dtype I8, but only F32, BF16, F16 are read");
  }

  @Test
  void aTensorThatIsMissingOrOfAnotherShapeIsRefused() throws IOException {
    new WeightWriter(TensorType.F32, 1_000_000).write(folder, List.of(A));
    WeightFiles files = WeightFiles.of(folder);
    assertThatThrownBy(() -> files.tensor("c", List.of(1L)))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("lacks the tensor c, which the model's config.json calls for");
    assertThatThrownBy(() -> files.tensor("a", List.of(4L)))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(
            "tensor a has shape [2, 2], but the model's config.json calls for [4]");
  }

  @Test
  void anIndexThatNamesWhatIsNotThereIsRefused() throws IOException {
    Path index = folder.resolve(WeightFiles.INDEX);
    Files.writeString(index, "{\"weight_map\":{\"a\":\"model-00001-of-00001.safetensors\"}}");
    refused("names the shard model-00001-of-00001.safetensors, which is missing");
    Files.writeString(index, "{\"weight_map\":{\"a\":\"../elsewhere.safetensors\"}}");
    refused("but shards must lie in the same folder");
    Files.writeString(index, "{\"weight_map\":[]}");
    refused("must be a JSON object with a weight_map");
    new WeightWriter(TensorType.F32, 1_000).writeFile(folder.resolve("x.safetensors"), List.of(A));
    Files.writeString(index, "{\"weight_map\":{\"zz\":\"x.safetensors\"}}");
    refused("names [zz] in x.safetensors, but that file lacks it");
  }

  @Test
  void aNameThatIsNoFileNameIsRefused() throws IOException {
    Path index = folder.resolve(WeightFiles.INDEX);
    for (String name : List.of("a\\u0000b", "..", "deep/er.safetensors")) {
      Files.writeString(index, "{\"weight_map\":{\"a\":\"" + name + "\"}}");
      refused("but shards must lie in the same folder; repair the index");
    }
  }

  @Test
  void weightsThatNobodyWouldUseAreRefused() throws IOException {
    new WeightWriter(TensorType.F32, 1_000_000).write(folder, List.of(A, B));
    WeightFiles files = WeightFiles.of(folder);
    files.requireNoneBut(List.of("a", "b", "c")::contains);
    assertThatThrownBy(() -> files.requireNoneBut("a"::equals))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("tensor b has no place in the model that config.json describes");
  }

  private void refused(String message) {
    assertThatThrownBy(() -> WeightFiles.of(folder))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(message);
  }

  private void write(String header, byte[] data) throws IOException {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + json.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(json.length).put(json).put(data);
    Files.write(folder.resolve(WeightFiles.SINGLE), bytes.array());
  }

  private static float[] read(WeightFiles files, Numbers numbers) {
    float[] values = new float[numbers.values().length];
    files.read(
        files.tensor(numbers.name(), numbers.shape()),
        (start, piece) -> piece.get(values, (int) start, piece.remaining()));
    return values;
  }
}
