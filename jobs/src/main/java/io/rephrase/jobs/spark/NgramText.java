package io.rephrase.jobs.spark;

import io.rephrase.contamination.WordNgrams;
import org.apache.spark.sql.api.java.UDF2;

/** Words of a text's n-gram by the index of its hash in {@link NgramHashes}. */
public final class NgramText implements UDF2<String, Integer, String> {

  private static final long serialVersionUID = 1;

  private final int ngramWords;

  public NgramText(int ngramWords) {
    this.ngramWords = ngramWords;
  }

  @Override
  public String call(String text, Integer index) {
    return WordNgrams.of(text, ngramWords).text(index);
  }
}
