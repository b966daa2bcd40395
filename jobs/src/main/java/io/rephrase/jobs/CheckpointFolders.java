package io.rephrase.jobs;

import io.rephrase.data.Checkpoint;
import io.rephrase.jobs.table.Warehouse;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** The folders of saved policies below a warehouse, whether or not a row makes them real. */
final class CheckpointFolders {

  private static final String MANIFEST = "manifest.json";

  private final Warehouse warehouse;
  private final Configuration hadoop;

  CheckpointFolders(Warehouse warehouse) {
    this.warehouse = warehouse;
    this.hadoop = warehouse.session().sparkContext().hadoopConfiguration();
  }

  /**
   * A folder that nothing needs.
   *
   * @param path of it
   * @param bytes of its files
   */
  record Folder(Path path, long bytes) {}

  /** Runs that have folders. */
  Set<String> runs() {
    return children(new Path(warehouse.checkpointsRoot())).stream()
        .map(status -> status.getPath().getName())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /**
   * The run's folders that no row refers to and no resume would take up: those never finished, and
   * those of a policy version that exists elsewhere. The caller owns the run.
   */
  List<Folder> unreferenced(String runId) {
    List<Checkpoint> published = warehouse.controlTables().checkpoints(runId);
    Set<Integer> versions =
        published.stream().map(Checkpoint::policyVersion).collect(Collectors.toSet());
    Set<String> referenced =
        published.stream()
            .flatMap(row -> Stream.concat(Stream.of(row.path()), row.optimizerPath().stream()))
            .map(path -> new Path(path).getParent().getName())
            .collect(Collectors.toSet());
    List<Folder> folders = new ArrayList<>();
    for (FileStatus folder : children(ofRun(runId))) {
      String name = folder.getPath().getName();
      boolean awaitsItsRow =
          exists(new Path(folder.getPath(), MANIFEST)) && !versions.contains(version(name));
      if (!referenced.contains(name) && !awaitsItsRow) {
        folders.add(measured(folder.getPath()));
      }
    }
    folders.sort(Comparator.comparing(folder -> folder.path().toString()));
    return folders;
  }

  /** All of a run's folders as one. */
  Folder all(String runId) {
    return measured(ofRun(runId));
  }

  void delete(Folder folder) {
    try {
      folder.path().getFileSystem(hadoop).delete(folder.path(), true);
    } catch (IOException e) {
      throw new UncheckedIOException("deleting " + folder.path(), e);
    }
  }

  private Path ofRun(String runId) {
    return new Path(warehouse.checkpointsRoot(), runId);
  }

  /** {@code 3} of {@code 3-<uuid>}; -1 where a folder is named otherwise. */
  private static int version(String name) {
    int dash = name.indexOf('-');
    return dash > 0 && name.substring(0, dash).matches("[0-9]{1,9}")
        ? Integer.parseInt(name.substring(0, dash))
        : -1;
  }

  private List<FileStatus> children(Path folder) {
    try {
      return Stream.of(folder.getFileSystem(hadoop).listStatus(folder))
          .filter(FileStatus::isDirectory)
          .toList();
    } catch (FileNotFoundException none) {
      return List.of();
    } catch (IOException e) {
      throw new UncheckedIOException("listing " + folder, e);
    }
  }

  private boolean exists(Path file) {
    try {
      return file.getFileSystem(hadoop).exists(file);
    } catch (IOException e) {
      throw new UncheckedIOException("looking for " + file, e);
    }
  }

  private Folder measured(Path folder) {
    try {
      FileSystem files = folder.getFileSystem(hadoop);
      return new Folder(
          folder, files.exists(folder) ? files.getContentSummary(folder).getLength() : 0);
    } catch (IOException e) {
      throw new UncheckedIOException("measuring " + folder, e);
    }
  }
}
