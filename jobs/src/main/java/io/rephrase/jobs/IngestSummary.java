package io.rephrase.jobs;

import java.util.Map;

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
}
