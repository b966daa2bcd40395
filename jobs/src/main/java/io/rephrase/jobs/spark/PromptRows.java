package io.rephrase.jobs.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.Row;

/**
 * One task's share of a chunk: rows of the prompts table with their positions. Positions are dealt
 * to tasks by {@code position % tasks}, so that the same prompt goes to the same task number
 * whenever a chunk is sent again.
 *
 * @param positions of the prompts in the iteration
 * @param prompts rows of the prompts table, one a position
 */
public record PromptRows(ArrayList<Integer> positions, ArrayList<Row> prompts)
    implements Serializable {

  /** Deals consecutive positions, the first of which is {@code firstPosition}. */
  public static List<PromptRows> deal(List<Row> prompts, int firstPosition, int tasks) {
    return of(prompts, firstPosition).dealt(tasks);
  }

  /** Consecutive positions, the first of which is {@code firstPosition}. */
  public static PromptRows of(List<Row> prompts, int firstPosition) {
    PromptRows all = new PromptRows(new ArrayList<>(), new ArrayList<>());
    for (int i = 0; i < prompts.size(); i++) {
      all.positions().add(firstPosition + i);
      all.prompts().add(prompts.get(i));
    }
    return all;
  }

  /**
   * Those of the iteration's prompts that are wanted, of positions from {@code from} to {@code to}.
   */
  public static PromptRows of(List<Row> iteration, Set<Integer> wanted, int from, int to) {
    PromptRows share = new PromptRows(new ArrayList<>(), new ArrayList<>());
    for (int position = from; position < to; position++) {
      if (wanted.contains(position)) {
        share.positions().add(position);
        share.prompts().add(iteration.get(position));
      }
    }
    return share;
  }

  /** The same prompts, dealt to tasks. */
  public List<PromptRows> dealt(int tasks) {
    List<PromptRows> shares = new ArrayList<>();
    for (int task = 0; task < tasks; task++) {
      shares.add(new PromptRows(new ArrayList<>(), new ArrayList<>()));
    }
    for (int i = 0; i < prompts.size(); i++) {
      PromptRows share = shares.get(positions.get(i) % tasks);
      share.positions().add(positions.get(i));
      share.prompts().add(prompts.get(i));
    }
    return shares;
  }
}
