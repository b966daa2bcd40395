package io.rephrase.jobs.table;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.DelegateToFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/**
 * Local folders under the scheme {@code shared}, which no file lock guards: {@code shared:/folder}.
 * A rename never replaces a file, whichever process made it.
 */
public final class SharedFileSystem extends RawLocalFileSystem {

  private static final URI ROOT = URI.create("shared:///");

  /** No file gets a name with this in it; nothing is refused while it is empty. */
  private static volatile String refused = "";

  /** What a session needs to know it. */
  public static Map<String, String> properties() {
    return Map.of(
        "spark.hadoop.fs.shared.impl", SharedFileSystem.class.getName(),
        "spark.hadoop.fs.AbstractFileSystem.shared.impl", OfContext.class.getName());
  }

  /** Refuses to give a file a name with {@code part} in it until {@link #refuseNothing}. */
  static void refuse(String part) {
    refused = part;
  }

  static void refuseNothing() {
    refused = "";
  }

  @Override
  public URI getUri() {
    return ROOT;
  }

  @Override
  public String getScheme() {
    return "shared";
  }

  @Override
  public boolean rename(Path from, Path to) throws IOException {
    if (!refused.isEmpty() && to.getName().contains(refused)) {
      throw new IOException(to + " is refused");
    }
    if (pathToFile(from).isDirectory()) {
      return super.rename(from, to);
    }
    try {
      Files.createLink(pathToFile(to).toPath(), pathToFile(from).toPath());
      return delete(from, false);
    } catch (FileAlreadyExistsException e) {
      throw new org.apache.hadoop.fs.FileAlreadyExistsException(to + " exists");
    }
  }

  /** The same for Hadoop's other interface, through which Delta writes its log. */
  public static final class OfContext extends DelegateToFileSystem {

    public OfContext(URI uri, Configuration conf) throws IOException, URISyntaxException {
      super(uri, new SharedFileSystem(), conf, "shared", false);
    }

    @Override
    public int getUriDefaultPort() {
      return -1;
    }
  }
}
