package io.rephrase.torch;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A TorchScript archive made from text: a stored zip of a pickled object without parameters, the
 * code of its class, no constants and a format version. Nothing but the JDK is needed to write it.
 */
final class ScriptArchive {
  private static final String HEADER =
      """
      class Kernels(Module):
        __parameters__ = []
        __buffers__ = []
        training : bool
      """;
  private static final byte[] EMPTY_TUPLE = {(byte) 0x80, 2, ')', '.'};

  private ScriptArchive() {}

  /**
   * @param methods text of the methods, indented by two spaces, {@code self: __torch__.Kernels}
   */
  static byte[] of(String methods) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.setMethod(ZipOutputStream.STORED);
      store(zip, "kernels/data.pkl", pickledObject());
      store(zip, "kernels/code/__torch__.py", (HEADER + methods).getBytes(UTF_8));
      store(zip, "kernels/constants.pkl", EMPTY_TUPLE);
      store(zip, "kernels/version", "3\n".getBytes(US_ASCII));
    }
    return bytes.toByteArray();
  }

  /** Pickle protocol 2: class, (), NEWOBJ, {"training": False}, BUILD, STOP. */
  private static byte[] pickledObject() throws IOException {
    byte[] attribute = "training".getBytes(US_ASCII);
    ByteArrayOutputStream pickle = new ByteArrayOutputStream();
    pickle.write(new byte[] {(byte) 0x80, 2});
    pickle.write("c__torch__\nKernels\n".getBytes(US_ASCII));
    pickle.write(new byte[] {')', (byte) 0x81, '}', '('});
    pickle.write(new byte[] {'X', (byte) attribute.length, 0, 0, 0});
    pickle.write(attribute);
    pickle.write(new byte[] {(byte) 0x89, 'u', 'b', '.'});
    return pickle.toByteArray();
  }

  private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
    CRC32 checksum = new CRC32();
    checksum.update(content);
    ZipEntry entry = new ZipEntry(name);
    entry.setCrc(checksum.getValue());
    entry.setSize(content.length);
    entry.setCompressedSize(content.length);
    entry.setTime(315532800000L);
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }
}
