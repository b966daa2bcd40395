/** Spark sessions and what runs on executors. */
@org.jspecify.annotations.NullMarked
package io.rephrase.jobs.spark;
