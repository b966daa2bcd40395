package io.rephrase.jobs.table;

import io.delta.kernel.data.Row;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.internal.actions.CommitInfo;
import io.delta.kernel.internal.actions.Format;
import io.delta.kernel.internal.actions.Metadata;
import io.delta.kernel.internal.actions.Protocol;
import io.delta.kernel.internal.actions.SingleAction;
import io.delta.kernel.internal.checksum.CRCInfo;
import io.delta.kernel.internal.checksum.ChecksumWriter;
import io.delta.kernel.internal.fs.Path;
import io.delta.kernel.internal.stats.FileSizeHistogram;
import io.delta.kernel.internal.util.FileNames;
import io.delta.kernel.internal.util.Utils;
import io.delta.kernel.internal.util.VectorUtils;
import io.delta.kernel.types.StringType;
import io.rephrase.TableException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a table of a warehouse, beside other processes that may be making the same.
 *
 * <p>Delta Kernel makes no table with CHECK constraints, and Delta's own builder runs Spark jobs
 * for each, half a second of CPU a table. The first version of a log is three lines, by Delta's
 * protocol (PROTOCOL.md, "Actions"): they are written here as Kernel writes a commit.
 */
final class TableCreation {

  private static final Logger log = LoggerFactory.getLogger(TableCreation.class);

  /** Delta's versions of a table with CHECK constraints and nothing newer. */
  private static final Protocol CONSTRAINED = new Protocol(1, 3);

  private static final String LOG = "_delta_log";

  private final KernelTable kernel;
  private final Configuration configuration;
  private final String path;

  TableCreation(KernelTable kernel, Configuration configuration, String path) {
    this.kernel = kernel;
    this.configuration = configuration;
    this.path = path;
  }

  /**
   * Returns when the table is there, whoever made it.
   *
   * @throws TableException if its folder holds something else
   */
  void create(TableDefinition definition) {
    if (definition.table().control()) {
      kernel.create(definition);
      return;
    }
    try {
      requireNothingElse();
      commit(definition);
    } catch (FileAlreadyExistsException e) {
      log.info("table={} created_by_another_process=true", definition.table().label());
    } catch (IOException e) {
      throw new TableException("cannot make table " + path, e);
    }
  }

  /** Its log may be there without a version: a process was killed that was making the table. */
  private void requireNothingElse() throws IOException {
    org.apache.hadoop.fs.Path folder = new org.apache.hadoop.fs.Path(path);
    FileSystem files = folder.getFileSystem(configuration);
    if (!files.exists(folder)) {
      return;
    }
    Optional<String> other =
        Arrays.stream(files.listStatus(folder))
            .map(file -> file.getPath().getName())
            .filter(name -> !name.equals(LOG))
            .findFirst();
    if (other.isPresent() && kernel.snapshot().isEmpty()) {
      throw new TableException(
          "folder %s holds files and no table, %s among them: they are something else's; move the folder away, and run the command again"
              .formatted(path, other.get()));
    }
  }

  private void commit(TableDefinition definition) throws IOException {
    Engine engine = kernel.engine();
    Path folder = new Path(new Path(engine.getFileSystemClient().resolvePath(path)), LOG);
    engine.getFileSystemClient().mkdirs(folder.toString());
    Metadata metadata = metadata(definition);
    String id = UUID.randomUUID().toString();
    List<Row> actions =
        List.of(
            SingleAction.createCommitInfoSingleAction(info(id).toRow()),
            SingleAction.createMetadataSingleAction(metadata.toRow()),
            SingleAction.createProtocolSingleAction(CONSTRAINED.toRow()));
    engine
        .getJsonHandler()
        .writeJsonFileAtomically(
            FileNames.deltaFile(folder, 0), Utils.toCloseableIterator(actions.iterator()), false);
    // Spark's first commit would count the whole table where the last has no checksum.
    new ChecksumWriter(folder).writeCheckSum(engine, checksum(metadata, id));
  }

  private static Metadata metadata(TableDefinition definition) {
    return new Metadata(
        UUID.randomUUID().toString(),
        Optional.empty(),
        Optional.of(definition.comment()),
        new Format(),
        definition.schema().json(),
        KernelSchemas.of(definition.schema()),
        VectorUtils.buildArrayValue(definition.partitionColumns(), StringType.STRING),
        Optional.of(System.currentTimeMillis()),
        VectorUtils.stringStringMapValue(definition.properties()));
  }

  private static CommitInfo info(String id) {
    return new CommitInfo(
        Optional.empty(),
        System.currentTimeMillis(),
        Optional.of(KernelTable.ENGINE_INFO),
        Optional.of("CREATE TABLE"),
        Map.of(),
        Optional.of(true),
        Optional.of(id),
        Map.of());
  }

  private static CRCInfo checksum(Metadata metadata, String id) {
    return new CRCInfo(
        0,
        metadata,
        CONSTRAINED,
        0,
        0,
        Optional.of(id),
        Optional.of(Set.of()),
        Optional.of(FileSizeHistogram.createDefaultHistogram()),
        Optional.empty(),
        Optional.of(List.of()),
        Optional.empty(),
        Optional.empty(),
        Optional.of(List.of()));
  }
}
