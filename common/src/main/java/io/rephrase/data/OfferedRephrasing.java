package io.rephrase.data;

/**
 * What the trainer needs of a {@link Rephrasing}. Its components are the columns that are read.
 *
 * @param position of the prompt in the iteration
 * @param attempt from 0
 * @param tokenIds the final ids, end-of-sequence id included
 * @param logProbsUnderPqk of the final ids after P(q,k): mu
 */
public record OfferedRephrasing(
    int position, int attempt, int[] tokenIds, float[] logProbsUnderPqk) {}
