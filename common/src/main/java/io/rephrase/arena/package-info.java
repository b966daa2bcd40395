/**
 * The arena: a small world in which the method's claims can be seen in minutes on two cores.
 * Problems with verifiable answers, an expert who writes in a foreign style, a tiny policy that
 * solves easy problems, fails at hard ones and yet understands a given solution, and the warm start
 * that made it. Chain sums are the same regime for real checkpoints.
 *
 * <p>Not a mock: the same loader, tokenizer, engine, jobs and trainer run any other checkpoint.
 */
@org.jspecify.annotations.NullMarked
package io.rephrase.arena;
