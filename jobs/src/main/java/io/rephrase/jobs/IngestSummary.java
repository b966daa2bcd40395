package io.rephrase.jobs;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one ingest found.
 *
 * @param dataset it was for
 * @param read records in the source
 * @param added prompts that are new in the table
 * @param alreadyThere prompts that the table holds with the same content
 * @param quarantined records that cannot be used, by reason, whether or not an earlier ingest
 *     stored them
 */
public record IngestSummary(
    String dataset, long read, long added, long alreadyThere, Map<String, Long> quarantined) {
  public IngestSummary {
    quarantined = Map.copyOf(quarantined);
  }

  /** For people. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s: %d read, %d added, %d there already".formatted(dataset, read, added, alreadyThere));
    new TreeMap<>(quarantined)
        .forEach((reason, count) -> lines.add("  %d in quarantine: %s".formatted(count, reason)));
    if (!quarantined.isEmpty()) {
      lines.add(
          "  which and why: rephrase sql \"SELECT source, line, reason, detail FROM quarantine WHERE dataset = '%s'\""
              .formatted(dataset));
    }
    return lines;
  }
}
