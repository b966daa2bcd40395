/**
 * The TorchScript kernels and the bridge that calls them: the only room that imports {@code
 * ai.djl.pytorch}. Kernels are text resources beside these classes ({@code *.py.txt}), in the
 * language TorchScript saves itself in; {@link io.rephrase.torch.ScriptModule} makes an archive of
 * them, loads it once a JVM, and calls their methods.
 */
@org.jspecify.annotations.NullMarked
package io.rephrase.torch;
