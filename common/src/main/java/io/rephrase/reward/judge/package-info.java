/** A judge on a server: an answer and its reference in, a verdict out, whatever the server does. */
@org.jspecify.annotations.NullMarked
package io.rephrase.reward.judge;
