/** The plant: each job is one class that reads tables, applies the method and writes tables. */
@org.jspecify.annotations.NullMarked
package io.rephrase.jobs;
