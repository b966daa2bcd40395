package io.rephrase.jobs.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.rephrase.data.FinishReason;
import io.rephrase.generation.Completion;
import io.rephrase.generation.GenerationRequest;
import io.rephrase.generation.SamplingParams;
import io.rephrase.generation.ScriptedEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnswerJournalTest {

  private static final SamplingParams SAMPLING = new SamplingParams(1, 1, 0, false, 8, true);

  @TempDir Path folder;
  private final List<Long> asked = new ArrayList<>();

  @Test
  void anAnswerIsOnDiskBeforeTheNextIsAskedForAndIsNotAskedForAgain() throws IOException {
    Iterator<Completion> killed = generate(4);
    killed.next();
    killed.next();
    assertThat(lines()).hasSize(2);

    List<Completion> all = new ArrayList<>();
    generate(4).forEachRemaining(all::add);

    assertThat(asked).containsExactly(0L, 1L, 2L, 3L);
    assertThat(all).extracting(Completion::key).containsExactly(0L, 1L, 2L, 3L);
    assertThat(all)
        .allSatisfy(
            completion -> {
              assertThat(completion.tokenIds()).containsExactly(7, (int) completion.key());
              assertThat(completion.logProbs()).containsExactly(-0.1f, -1e-8f);
              assertThat(completion.finishReason()).isEqualTo(FinishReason.EOS);
            });
  }

  @Test
  void aLineThatAKillCutOffIsAskedForAgain() throws IOException {
    generate(2).forEachRemaining(completion -> {});
    Path file = files().get(0);
    String whole = Files.readString(file);
    Files.writeString(
        file, whole.substring(0, whole.length() - 30), StandardOpenOption.TRUNCATE_EXISTING);

    generate(2).forEachRemaining(completion -> {});

    assertThat(asked).containsExactly(0L, 1L, 1L);
  }

  @Test
  void errorsAndOtherSamplesAreAskedForAgain() throws IOException {
    ScriptedEngine failing =
        new ScriptedEngine(1, 8, request -> Completion.failed(request.key(), 0, "late"));
    journal().generate(failing, requests(1), new Configuration()).next();
    assertThat(files()).isEmpty();

    generate(1).forEachRemaining(completion -> {});
    GenerationRequest otherSeed = new GenerationRequest(0, new int[] {3, 4}, 99, SAMPLING);
    journal().generate(engine(), List.of(otherSeed).iterator(), new Configuration()).next();

    assertThat(asked).containsExactly(0L, 0L);
  }

  @Test
  void textAloneIsKeptWithItsCount() {
    Completion text =
        Completion.ofText(5, new Completion.TextAlone("x = \"3\"\n", 4), FinishReason.LENGTH, 12);
    Completion kept =
        JournalLine.parse(JournalLine.of("name", text).json()).orElseThrow().completion(9);
    assertThat(kept.textAlone()).hasValue(new Completion.TextAlone("x = \"3\"\n", 4));
    assertThat(kept.key()).isEqualTo(9);
    assertThat(kept.finishReason()).isEqualTo(FinishReason.LENGTH);
    assertThat(kept.latencyMs()).isEqualTo(12);
  }

  @Test
  void aCommittedChunkIsForgotten() throws IOException {
    generate(2).forEachRemaining(completion -> {});
    journal().forget(new Configuration());
    assertThat(folder.resolve("chunk")).doesNotExist();
    journal().forget(new Configuration());
  }

  private AnswerJournal journal() {
    return new AnswerJournal(folder.resolve("chunk").toString());
  }

  private Iterator<Completion> generate(int count) {
    return journal().generate(engine(), requests(count), new Configuration());
  }

  private ScriptedEngine engine() {
    return new ScriptedEngine(
        1,
        8,
        request -> {
          asked.add(request.key());
          return new Completion(
              request.key(),
              new int[] {7, (int) request.key()},
              new float[] {-0.1f, -1e-8f},
              FinishReason.EOS,
              3,
              Optional.empty());
        });
  }

  private static Iterator<GenerationRequest> requests(int count) {
    return LongStream.range(0, count)
        .mapToObj(key -> new GenerationRequest(key, new int[] {3, 4}, key, SAMPLING))
        .iterator();
  }

  private List<Path> files() throws IOException {
    Path chunk = folder.resolve("chunk");
    if (!Files.exists(chunk)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(chunk)) {
      return files.filter(file -> file.toString().endsWith(".jsonl")).toList();
    }
  }

  private List<String> lines() throws IOException {
    return Files.readAllLines(files().get(0));
  }
}
