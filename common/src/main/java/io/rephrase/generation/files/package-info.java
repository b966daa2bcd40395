/**
 * Files of JSON lines in, files of JSON lines out: {@code GenerateFiles} samples completions,
 * {@code ScoreFiles} scores given ones. One line is answered at its place, in the order of the
 * input; a line that cannot be answered becomes {@code {"line":n,"error":"…"}}.
 */
@org.jspecify.annotations.NullMarked
package io.rephrase.generation.files;
