package io.rephrase.memory;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What takes memory at once in one process or on one device.
 *
 * @param name for people
 * @param parts of it
 */
public record MemoryShare(String name, List<Part> parts) {

  /**
   * Something that takes memory.
   *
   * @param name for people
   * @param bytes it takes at most
   */
  public record Part(String name, long bytes) {}

  public MemoryShare {
    parts = List.copyOf(parts);
  }

  /** All parts together. */
  public long bytes() {
    return parts.stream().mapToLong(Part::bytes).sum();
  }

  /** The parts with their sizes, the largest first. */
  public String words() {
    return parts.stream()
        .filter(part -> part.bytes() > 0)
        .sorted((a, b) -> Long.compare(b.bytes(), a.bytes()))
        .map(part -> part.name() + " " + text(part.bytes()))
        .collect(Collectors.joining(", "));
  }

  /** Bytes for people. */
  public static String text(long bytes) {
    return bytes < 1L << 30
        ? String.format(Locale.ROOT, "%.1f MiB", bytes / (double) (1L << 20))
        : String.format(Locale.ROOT, "%.2f GiB", bytes / (double) (1L << 30));
  }
}
