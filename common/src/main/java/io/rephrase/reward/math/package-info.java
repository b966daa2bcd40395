/**
 * Mathematical answers: found in a completion, parsed from LaTeX or plain text, compared by exact
 * arithmetic and otherwise by evaluation at seeded points. Every loop spends from a {@link
 * io.rephrase.reward.math.Budget}; nothing here knows a clock or a thread.
 */
@org.jspecify.annotations.NullMarked
package io.rephrase.reward.math;
