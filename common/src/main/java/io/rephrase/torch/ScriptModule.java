package io.rephrase.torch;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Kernels of text resources, callable by method name.
 *
 * <p>Arguments may be {@link NDArray} (Tensor), {@link NDList} (List[Tensor]), int or long (int),
 * double (float), {@code long[]} (List[int]) and {@code double[]} (List[float]). Results belong to
 * the manager the caller names, never to an operand's. Calls build no autograd graph, unless made
 * through {@link #recording()}. A module lives as long as the JVM; it holds no weights.
 * Thread-safe: every call sets its thread's grad mode, and leaves it off.
 */
public final class ScriptModule {
  private static final Map<List<String>, ScriptModule> LOADED = new ConcurrentHashMap<>();
  private static final ThreadLocal<Boolean> PREPARED = ThreadLocal.withInitial(() -> false);

  static {
    // Loads the native library: thread settings are calls into it.
    Engine.getEngine("PyTorch");
  }

  private final String resource;
  private final PtSymbolBlock block;
  private final boolean recording;

  private ScriptModule(String resource, PtSymbolBlock block, boolean recording) {
    this.resource = resource;
    this.block = block;
    this.recording = recording;
  }

  /**
   * The module of {@code io/rephrase/torch/<name>.py.txt}, compiled at the first call. Several
   * names make one module of all their methods, each text calling those of the texts before it.
   *
   * @throws IllegalStateException if a resource is missing or no valid TorchScript
   */
  public static ScriptModule of(String... names) {
    return LOADED.computeIfAbsent(List.of(names), ScriptModule::load);
  }

  private static ScriptModule load(List<String> names) {
    StringBuilder methods = new StringBuilder();
    names.forEach(name -> methods.append(text(name + ".py.txt")));
    String resource = String.join(" and ", names);
    try {
      byte[] archive = ScriptArchive.of(methods.toString());
      // not closed: the block lives as long as the JVM
      PtNDManager manager = (PtNDManager) NDManager.newBaseManager(Device.cpu(), "PyTorch");
      PtSymbolBlock block =
          JniUtils.loadModule(manager, new ByteArrayInputStream(archive), false, false);
      return new ScriptModule(resource, block, false);
    } catch (IOException e) {
      throw new UncheckedIOException("kernels " + resource, e);
    }
  }

  private static String text(String resource) {
    try (InputStream text = ScriptModule.class.getResourceAsStream(resource)) {
      if (text == null) {
        throw new IllegalStateException("no kernels " + resource + " on the class path");
      }
      return new String(text.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("kernels " + resource, e);
    }
  }

  /** The same kernels, whose results remember how they came about, for autograd. */
  public ScriptModule recording() {
    return new ScriptModule(resource, block, true);
  }

  /** Calls a method that returns a Tensor; the result belongs to {@code owner}. */
  public NDArray one(NDManager owner, String method, Object... arguments) {
    try (IValue value = call(method, arguments)) {
      return value.toTensor((PtNDManager) owner);
    }
  }

  /** Calls a method that returns a tuple or list of Tensors; they belong to {@code owner}. */
  public NDList many(NDManager owner, String method, Object... arguments) {
    try (IValue value = call(method, arguments)) {
      return value.toNDList((PtNDManager) owner);
    }
  }

  /** Calls a method that returns a float. */
  public double number(String method, Object... arguments) {
    try (IValue value = call(method, arguments)) {
      return value.toDouble();
    }
  }

  /** Calls a method for its effect; it must return a number (TorchScript's {@code return 0}). */
  public void run(String method, Object... arguments) {
    call(method, arguments).close();
  }

  private IValue call(String method, Object... arguments) {
    prepareThread();
    JniUtils.setGradMode(recording);
    try {
      return NativeCalls.call(block.getHandle(), method, arguments);
    } finally {
      JniUtils.setGradMode(false);
    }
  }

  /**
   * Sets up the calling thread for native work: no autograd outside of recording calls, no
   * profiling executor. Calls do it themselves; only code that uses NDArray operations alone needs
   * it.
   */
  public static void prepareThread() {
    if (!PREPARED.get()) {
      JniUtils.setGradMode(false);
      JniUtils.setGraphExecutorOptimize(false);
      PREPARED.set(true);
    }
  }

  /** Threads that one native operation uses. */
  public static int threads() {
    return JniUtils.getNumThreads();
  }

  /**
   * Sets how many threads one native operation uses, when the calling thread or one that has yet to
   * compute anything calls it; threads that have computed already keep their number.
   */
  public static void useThreads(int threads) {
    JniUtils.setNumThreads(threads);
  }
}
