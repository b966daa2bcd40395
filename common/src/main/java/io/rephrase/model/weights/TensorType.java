package io.rephrase.model.weights;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** Number types of a safetensors file that we read; arithmetic is in float32 always. */
public enum TensorType {
  F32("float32", 4) {
    @Override
    void widen(ByteBuffer from, FloatBuffer into) {
      into.put(from.asFloatBuffer());
    }

    @Override
    void narrow(FloatBuffer from, ByteBuffer into) {
      int bytes = from.remaining() * Float.BYTES;
      into.asFloatBuffer().put(from);
      into.position(into.position() + bytes);
    }
  },
  BF16("bfloat16", 2) {
    @Override
    void widen(ByteBuffer from, FloatBuffer into) {
      ShortBuffer halves = from.asShortBuffer();
      short[] narrow = new short[8192]; // arrays, since loops over buffers are not vectorised
      float[] wide = new float[narrow.length];
      while (halves.hasRemaining()) {
        int count = Math.min(narrow.length, halves.remaining());
        halves.get(narrow, 0, count);
        for (int i = 0; i < count; i++) {
          wide[i] = Float.intBitsToFloat(narrow[i] << 16);
        }
        into.put(wide, 0, count);
      }
    }

    @Override
    void narrow(FloatBuffer from, ByteBuffer into) {
      while (from.hasRemaining()) {
        into.putShort(bfloat16(from.get()));
      }
    }
  },
  F16("float16", 2) {
    @Override
    void widen(ByteBuffer from, FloatBuffer into) {
      while (from.hasRemaining()) {
        into.put(float32(from.getShort()));
      }
    }

    @Override
    void narrow(FloatBuffer from, ByteBuffer into) {
      throw new IllegalArgumentException(
          "F16 cannot hold all weights that training makes; write F32 or BF16");
    }
  };

  private static final int EXPONENT_SHIFT_TO_FLOAT32 = 112 << 23;

  private final String configName;
  private final int bytes;

  TensorType(String configName, int bytes) {
    this.configName = configName;
    this.bytes = bytes;
  }

  /** As config.json calls it: float32, bfloat16, float16. */
  public String configName() {
    return configName;
  }

  /** Size of one number. */
  public int bytes() {
    return bytes;
  }

  /** Reads all of {@code from} (little-endian) into float32. */
  abstract void widen(ByteBuffer from, FloatBuffer into);

  /** Writes all of {@code from}, rounded to nearest even. */
  abstract void narrow(FloatBuffer from, ByteBuffer into);

  static Optional<TensorType> of(String headerName) {
    return Arrays.stream(values()).filter(type -> type.name().equals(headerName)).findFirst();
  }

  static String known() {
    return Arrays.stream(values()).map(Enum::name).collect(Collectors.joining(", "));
  }

  private static short bfloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) ((bits >>> 16) | 0x40);
    }
    return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
  }

  private static float float32(short half) {
    int sign = (half & 0x8000) << 16;
    int exponent = (half >>> 10) & 0x1f;
    int fraction = half & 0x3ff;
    if (exponent == 0) {
      float subnormal = fraction * 0x1p-24f;
      return sign == 0 ? subnormal : -subnormal;
    }
    if (exponent == 31) {
      return Float.intBitsToFloat(sign | 0x7f800000 | fraction << 13);
    }
    return Float.intBitsToFloat(
        sign | ((exponent << 23) + EXPONENT_SHIFT_TO_FLOAT32) | fraction << 13);
  }
}
