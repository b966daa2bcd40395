package io.rephrase.data;

import java.time.Instant;

/**
 * An input record that could not be used: a row of {@code quarantine}.
 *
 * @param runId of the command that read it
 * @param source file or table
 * @param line from 1 within the source; 0 where the source has no lines
 * @param dataset it was meant for
 * @param reason one of a fixed list of words, such as {@code malformed} or {@code empty-gold}
 * @param detail what exactly is wrong, naming the value
 * @param contentHash SHA-256 of {@code raw}, hexadecimal
 * @param at when it was read
 * @param raw the record as found
 */
public record QuarantinedRecord(
    String runId,
    String source,
    long line,
    String dataset,
    String reason,
    String detail,
    String contentHash,
    Instant at,
    String raw) {
  public QuarantinedRecord {
    Checks.notBlank("runId", runId);
    Checks.notBlank("source", source);
    Checks.notNegative("line", line);
    Checks.notBlank("reason", reason);
  }
}
