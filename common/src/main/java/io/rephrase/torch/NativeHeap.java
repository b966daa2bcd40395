package io.rephrase.torch;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import com.sun.jna.NativeLong;
import java.util.Optional;

/** The C library's heap, where tensors on the CPU are. */
public final class NativeHeap {
  private static final Optional<Function> TRIM = trim();

  private NativeHeap() {}

  /**
   * Gives what was freed back to the operating system: between tensors that grew in turn, as much
   * as half of them took stayed resident. Does nothing where the C library is not glibc.
   * Thread-safe.
   */
  public static void giveBack() {
    TRIM.ifPresent(trim -> trim.invokeInt(new Object[] {new NativeLong(0)}));
  }

  private static Optional<Function> trim() {
    try {
      return Optional.of(NativeLibrary.getInstance("c").getFunction("malloc_trim"));
    } catch (UnsatisfiedLinkError otherLibrary) {
      return Optional.empty();
    }
  }
}
