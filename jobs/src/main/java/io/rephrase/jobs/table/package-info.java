/**
 * The tables: what they are declared to be, how records become rows, and how rows are written
 * exactly once. The only room that imports {@code io.delta}. {@link
 * io.rephrase.jobs.table.Warehouse} is the door.
 */
@org.jspecify.annotations.NullMarked
package io.rephrase.jobs.table;
