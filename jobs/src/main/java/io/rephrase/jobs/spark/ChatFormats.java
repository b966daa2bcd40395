package io.rephrase.jobs.spark;

import io.rephrase.prompt.ChatFormat;
import io.rephrase.prompt.ChatTemplate;
import io.rephrase.prompt.PromptFormat;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The chat format of a checkpoint, as prompts use it. */
final class ChatFormats {

  private ChatFormats() {}

  static PromptFormat of(Path folder, Map<String, String> variables) {
    return new ChatFormat(ChatTemplate.open(folder), List.of(), variables);
  }
}
