/**
 * What a policy's graded answers say about it: pass@k, mean reward, majority votes, and how far
 * another draw of problems could move them. Plain Java, stateless, thread-safe.
 */
@org.jspecify.annotations.NullMarked
package io.rephrase.evaluation;
