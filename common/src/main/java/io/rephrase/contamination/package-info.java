/**
 * What training texts share with benchmark problems: texts as normalized words, and their n-grams.
 * Plain Java, thread-safe.
 */
@org.jspecify.annotations.NullMarked
package io.rephrase.contamination;
