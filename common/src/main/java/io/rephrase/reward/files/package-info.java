/** Grading from file to file: JSON lines in, JSON lines out, without tables. */
@org.jspecify.annotations.NullMarked
package io.rephrase.reward.files;
