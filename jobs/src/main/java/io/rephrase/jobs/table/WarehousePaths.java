package io.rephrase.jobs.table;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How folders inside a warehouse are written into its tables: relative to it, so that it can be
 * moved, or mounted elsewhere. What lies outside keeps its full path. Immutable.
 */
final class WarehousePaths {

  private static final String SEPARATOR = "/";

  private final String root;

  WarehousePaths(String root) {
    this.root = root;
  }

  /** The warehouse as a local folder, if it is one. */
  Optional<Path> local() {
    if (root.startsWith("file:")) {
      return Optional.of(Path.of(URI.create(root).getPath()).toAbsolutePath());
    }
    return RunLock.guards(root) ? Optional.of(Path.of(root).toAbsolutePath()) : Optional.empty();
  }

  /** As a table stores it. */
  String stored(String path) {
    String inside = local().map(Path::toString).orElse(root) + SEPARATOR;
    if (path.startsWith(inside)) {
      return path.substring(inside.length());
    }
    return path.startsWith(root + SEPARATOR) ? path.substring(root.length() + 1) : path;
  }

  /** The full path of what a table stores. */
  String resolved(String stored) {
    boolean full = stored.startsWith(SEPARATOR) || stored.matches("[A-Za-z][A-Za-z0-9+.-]*:.*");
    return full ? stored : local().map(Path::toString).orElse(root) + SEPARATOR + stored;
  }
}
