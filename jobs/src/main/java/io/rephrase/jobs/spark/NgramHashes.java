package io.rephrase.jobs.spark;

import io.rephrase.contamination.WordNgrams;
import org.apache.spark.sql.api.java.UDF1;

/** Hashes of a text's distinct n-grams of words. */
public final class NgramHashes implements UDF1<String, long[]> {

  private static final long serialVersionUID = 1;

  private final int ngramWords;

  public NgramHashes(int ngramWords) {
    this.ngramWords = ngramWords;
  }

  @Override
  public long[] call(String text) {
    return WordNgrams.of(text, ngramWords).hashes();
  }
}
