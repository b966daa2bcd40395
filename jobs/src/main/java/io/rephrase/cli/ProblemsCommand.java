package io.rephrase.cli;

import com.google.gson.JsonObject;
import io.rephrase.InputException;
import io.rephrase.arena.ArenaWorld;
import io.rephrase.arena.ChainSumWorld;
import io.rephrase.arena.World;
import io.rephrase.data.HashSplit;
import io.rephrase.data.Prompt;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Writes generated problems. */
@Command(
    name = "problems",
    mixinStandardHelpOptions = true,
    description = {
      "Writes generated problems with solutions as JSON lines that ingest reads.",
      "A problem's split is decided by its text alone, for every seed and for the warm start."
    },
    footer = {
      "",
      "Example:",
      "  rephrase problems --world chain-sum-1 --split train --difficulties 3,4,5,6,7,8 \\",
      "    --per-difficulty 400 --output sums.jsonl"
    })
final class ProblemsCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(
      names = "--world",
      required = true,
      description = "arena; chain-sum-1 or chain-sum-2: terms of one or two digits.")
  private String world;

  @Option(names = "--split", description = "train, tuning or test; default: ${DEFAULT-VALUE}")
  private String split = "train";

  @Option(names = "--difficulties", split = ",", required = true, description = "Such as 2,4,6.")
  private List<Integer> difficulties;

  @Option(names = "--per-difficulty", description = "Default: ${DEFAULT-VALUE}")
  private int perDifficulty = 100;

  @Option(names = "--seed", description = "Default: ${DEFAULT-VALUE}")
  private long seed = 1;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      required = true,
      description = "- for standard output.")
  private String output;

  @Override
  public Integer call() throws IOException {
    List<Prompt> prompts = world().prompts(split(), difficulties, perDifficulty, seed);
    if (output.equals("-")) {
      write(prompts, spec.commandLine().getOut());
      return 0;
    }
    Path file = Path.of(output);
    try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(file, StandardCharsets.UTF_8))) {
      write(prompts, out);
      if (out.checkError()) {
        throw new InputException(file + " did not take all problems; see that its disk has space");
      }
    }
    spec.commandLine().getErr().printf("%d problems in %s%n", prompts.size(), output);
    return 0;
  }

  private static void write(List<Prompt> prompts, PrintWriter out) {
    prompts.forEach(prompt -> out.print(json(prompt) + "\n"));
    out.flush();
  }

  private static JsonObject json(Prompt prompt) {
    JsonObject line = new JsonObject();
    line.addProperty("prompt_id", prompt.promptId());
    line.addProperty("question", prompt.question());
    line.addProperty("gold", prompt.gold());
    prompt.knowledge().ifPresent(text -> line.addProperty("knowledge", text));
    prompt.knowledgeSource().ifPresent(text -> line.addProperty("knowledge_source", text));
    line.addProperty("verifier", prompt.verifier());
    line.addProperty("split", prompt.split());
    prompt.difficulty().ifPresent(level -> line.addProperty("difficulty", level));
    return line;
  }

  private World world() {
    return switch (world) {
      case "arena" -> new ArenaWorld();
      case "chain-sum-1" -> ChainSumWorld.oneDigit();
      case "chain-sum-2" -> ChainSumWorld.twoDigits();
      default ->
          throw new InputException(
              "--world %s: must be arena, chain-sum-1 or chain-sum-2".formatted(world));
    };
  }

  private HashSplit split() {
    return Arrays.stream(HashSplit.values())
        .filter(one -> one.label().equals(split.toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () -> new InputException("--split %s: must be train, tuning or test".formatted(split)));
  }
}
