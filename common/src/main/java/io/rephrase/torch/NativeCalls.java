package io.rephrase.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * Calls a named method of a TorchScript module with any kind of argument. DJL's public API calls
 * {@code forward} alone, or passes tensors alone; the native call beneath it does what we need.
 */
final class NativeCalls {
  private static final MethodHandle RUN_METHOD = runMethod();
  private static final MethodHandle NEW_VALUE = newValue();

  private NativeCalls() {}

  /** Runs in the thread's grad mode; the caller closes the value. */
  static IValue call(long module, String method, Object... arguments) {
    IValue[] values = new IValue[arguments.length];
    long[] handles = new long[arguments.length];
    try {
      for (int i = 0; i < arguments.length; i++) {
        values[i] = value(method, i, arguments[i]);
        handles[i] = values[i].getHandle();
      }
      // "train" keeps the thread's grad mode; without it, results could never enter autograd
      return (IValue)
          NEW_VALUE.invoke((long) RUN_METHOD.invoke(module, method, handles, true, false));
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("kernel " + method, e);
    } finally {
      for (IValue value : values) {
        if (value != null) {
          value.close();
        }
      }
    }
  }

  private static IValue value(String method, int index, Object argument) {
    if (argument instanceof NDArray array) {
      return IValue.from((PtNDArray) array);
    }
    if (argument instanceof NDList list) {
      return IValue.listFrom(list.stream().map(PtNDArray.class::cast).toArray(PtNDArray[]::new));
    }
    if (argument instanceof Long || argument instanceof Integer) {
      return IValue.from(((Number) argument).longValue());
    }
    if (argument instanceof Double number) {
      return IValue.from(number);
    }
    if (argument instanceof long[] numbers) {
      return IValue.listFrom(numbers);
    }
    if (argument instanceof double[] numbers) {
      return IValue.listFrom(numbers);
    }
    throw new IllegalArgumentException(
        "kernel %s, argument %d: must be an NDArray, NDList, int, long, double, long[] or double[], got %s"
            .formatted(method, index, argument.getClass().getName()));
  }

  private static MethodHandle runMethod() {
    try {
      Class<?> library = Class.forName("ai.djl.pytorch.jni.PyTorchLibrary");
      MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(library, MethodHandles.lookup());
      Object instance = lookup.findStaticVarHandle(library, "LIB", library).get();
      MethodType type =
          MethodType.methodType(
              long.class, long.class, String.class, long[].class, boolean.class, boolean.class);
      return lookup.findVirtual(library, "moduleRunMethod", type).bindTo(instance);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("DJL's PyTorch bridge is not the version built against", e);
    }
  }

  private static MethodHandle newValue() {
    try {
      return MethodHandles.privateLookupIn(IValue.class, MethodHandles.lookup())
          .findConstructor(IValue.class, MethodType.methodType(void.class, long.class));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("DJL's PyTorch bridge is not the version built against", e);
    }
  }
}
