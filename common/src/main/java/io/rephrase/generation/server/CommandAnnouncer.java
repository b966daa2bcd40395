package io.rephrase.generation.server;

import io.rephrase.EndpointException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Announces weights by a command, which returns when the server has them. Its words are seen by
 * everyone on the machine; a key is in its environment, as in ours.
 */
public final class CommandAnnouncer implements PolicyAnnouncer {

  private static final int MAX_OUTPUT = 1000;

  private final List<String> words;
  private final Duration limit;

  /**
   * @param words of the command; {@code {folder}} and {@code {version}} are replaced
   * @param limit after which it is ended
   */
  public CommandAnnouncer(List<String> words, Duration limit) {
    this.words = List.copyOf(words);
    this.limit = limit;
  }

  @Override
  public void announce(String folder, int policyVersion) {
    List<String> command =
        words.stream()
            .map(
                word ->
                    word.replace("{folder}", folder)
                        .replace("{version}", Integer.toString(policyVersion)))
            .toList();
    try {
      Path output = Files.createTempFile("rephrase-announce-", ".txt");
      try {
        run(command, output);
      } finally {
        Files.delete(output);
      }
    } catch (IOException e) {
      throw new EndpointException(
          "engine.endpoint.command: %s cannot be started (%s); give the full path of a program"
              .formatted(command.get(0), e.getMessage()),
          e);
    }
  }

  private void run(List<String> command, Path output) throws IOException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectOutput(output.toFile())
            .start();
    try {
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw failed(command, "did not end within %d s".formatted(limit.toSeconds()), output);
      }
      if (process.exitValue() != 0) {
        throw failed(command, "ended with %d".formatted(process.exitValue()), output);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed(command, "was interrupted", output);
    } finally {
      process.destroy();
    }
  }

  private static EndpointException failed(List<String> command, String how, Path output)
      throws IOException {
    String said = new String(Files.readAllBytes(output), StandardCharsets.UTF_8).strip();
    String last = said.substring(Math.max(0, said.length() - MAX_OUTPUT));
    return new EndpointException(
        "engine.endpoint.command: %s %s, so the server does not have the new weights; it said: %s"
            .formatted(command.get(0), how, last.isEmpty() ? "nothing" : last));
  }
}
