package io.rephrase.jobs.spark;

import io.rephrase.data.FinishReason;
import io.rephrase.generation.Completion;
import io.rephrase.generation.GenerationEngine;
import io.rephrase.generation.GenerationRequest;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.util.TaskCompletionListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what a server answered until the chunk it belongs to is committed: what was paid for is not
 * bought again by whoever makes the chunk after a kill or a failure. Errors are not kept.
 *
 * @param folder of one chunk on storage that all executors see; empty keeps nothing
 */
public record AnswerJournal(String folder) implements Serializable {

  private static final Logger log = LoggerFactory.getLogger(AnswerJournal.class);

  /** For engines that cost nothing but time. */
  public static final AnswerJournal NONE = new AnswerJournal("");

  /** The answers kept for these requests, and then those of the engine, each kept as it comes. */
  Iterator<Completion> generate(GenerationEngine engine, Iterator<GenerationRequest> requests) {
    return folder.isEmpty()
        ? engine.generate(requests)
        : generate(engine, requests, TorchPolicyLoader.hadoop());
  }

  Iterator<Completion> generate(
      GenerationEngine engine, Iterator<GenerationRequest> requests, Configuration hadoop) {
    JournalFiles files = new JournalFiles(new Path(folder), hadoop);
    Map<String, JournalLine> kept = files.read();
    Deque<Completion> known = new ArrayDeque<>();
    List<GenerationRequest> missing = new ArrayList<>();
    Map<Long, String> names = new HashMap<>();
    while (requests.hasNext()) {
      GenerationRequest request = requests.next();
      String name = JournalLine.name(request);
      JournalLine line = kept.get(name);
      if (line == null) {
        names.put(request.key(), name);
        missing.add(request);
      } else {
        known.add(line.completion(request.key()));
      }
    }
    if (!known.isEmpty()) {
      log.info("journal={} kept={} missing={}", folder, known.size(), missing.size());
    }
    closeWithTask(files);
    return new Kept(known, engine.generate(missing.iterator()), files, names);
  }

  private static void closeWithTask(JournalFiles files) {
    TaskContext task = TaskContext.get();
    if (task != null) {
      TaskCompletionListener closing = ended -> files.close();
      task.addTaskCompletionListener(closing);
    }
  }

  /** Forgets the chunk's answers, once it is committed. */
  public void forget(Configuration hadoop) {
    if (folder.isEmpty()) {
      return;
    }
    Path path = new Path(folder);
    try {
      path.getFileSystem(hadoop).delete(path, true);
    } catch (IOException e) {
      log.warn("journal={} deleted=false: it only takes room", folder, e);
    }
  }

  /** First what is known, then what the engine says. */
  private record Kept(
      Deque<Completion> known,
      Iterator<Completion> engine,
      JournalFiles files,
      Map<Long, String> names)
      implements Iterator<Completion> {

    @Override
    public boolean hasNext() {
      boolean more = !known.isEmpty() || engine.hasNext();
      if (!more) {
        files.close();
      }
      return more;
    }

    @Override
    public Completion next() {
      if (!known.isEmpty()) {
        return known.remove();
      }
      Completion completion = engine.next();
      if (completion.finishReason() != FinishReason.ERROR) {
        String name = names.get(completion.key());
        if (name == null) {
          throw new IllegalStateException("nobody asked for completion " + completion.key());
        }
        try {
          files.append(JournalLine.of(name, completion));
        } catch (IOException e) {
          throw new UncheckedIOException("keeping an answer in " + files.folder(), e);
        }
      }
      return completion;
    }
  }
}
