package io.rephrase.evaluation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How often the answer that most of {@code k} samples agree on is right (self-consistency, Wang et
 * al. 2022, arXiv 2203.11171). The samples are cut into consecutive blocks of k, each block votes
 * once, what is left over votes in none: the mean over blocks has no bias. Of clusters with as many
 * votes the one voted for first wins; samples without an answer do not vote, and a block of such
 * alone is wrong. Stateless and thread-safe.
 */
public final class MajorityVote {

  private MajorityVote() {}

  /**
   * Share of blocks whose vote is right, in [0, 1].
   *
   * @param answers of one problem in order of their samples
   * @param k at most their number
   */
  public static double atK(List<GradedAnswer> answers, int k) {
    if (k < 1 || k > answers.size()) {
      throw new IllegalArgumentException(
          "maj@k needs 1 <= k <= answers, got k %d, answers %d".formatted(k, answers.size()));
    }
    int blocks = answers.size() / k;
    int right = 0;
    for (int block = 0; block < blocks; block++) {
      right += isRight(answers.subList(block * k, (block + 1) * k)) ? 1 : 0;
    }
    return (double) right / blocks;
  }

  private static boolean isRight(List<GradedAnswer> voters) {
    Map<Integer, Integer> votes = new LinkedHashMap<>();
    Map<Integer, Boolean> right = new LinkedHashMap<>();
    for (GradedAnswer voter : voters) {
      if (voter.cluster().isPresent()) {
        votes.merge(voter.cluster().getAsInt(), 1, Integer::sum);
        right.putIfAbsent(voter.cluster().getAsInt(), voter.right());
      }
    }
    int most = 0;
    boolean winner = false;
    for (Map.Entry<Integer, Integer> cluster : votes.entrySet()) {
      if (cluster.getValue() > most) {
        most = cluster.getValue();
        winner = Boolean.TRUE.equals(right.get(cluster.getKey()));
      }
    }
    return winner;
  }
}
