/**
 * Public benchmarks as their authors publish them: a catalogue of file formats, each of which makes
 * prompts of a row. Nothing is downloaded; the files are the user's.
 */
@org.jspecify.annotations.NullMarked
package io.rephrase.benchmark;
