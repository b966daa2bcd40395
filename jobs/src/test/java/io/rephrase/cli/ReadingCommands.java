package io.rephrase.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The commands that only read, one after another in a process of their own. */
public final class ReadingCommands {

  private ReadingCommands() {}

  /** Of the warehouse and the file of the report that the arguments name; prints exit codes. */
  public static void main(String[] arguments) {
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    List<String[]> commands =
        List.of(
            new String[] {
              "sql",
              "--format=csv",
              "SELECT avg(reward) AS mean, max(latency_ms) AS slowest FROM rollouts"
            },
            new String[] {"runs", "--format=csv"},
            new String[] {"report", "--run=r", "--output=" + arguments[1]},
            new String[] {"maintain", "--dry-run"},
            new String[] {"maintain", "--dry-run", "--delete-run=r"});
    for (String[] command : commands) {
      String[] words = new String[command.length + 1];
      System.arraycopy(command, 0, words, 0, command.length);
      words[command.length] = "--warehouse=" + arguments[0];
      out.println(command[0] + " ended with " + Main.run(out, out, words));
    }
  }
}
