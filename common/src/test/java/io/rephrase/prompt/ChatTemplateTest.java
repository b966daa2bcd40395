package io.rephrase.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.rephrase.CheckpointException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChatTemplateTest {

  private static final String TEMPLATE =
      """
      {{ bos_token }}
      {%- for message in messages %}
        {%- if message.role == 'tool' %}{{ raise_exception('no tools here') }}{% endif %}
      [{{ message['role'] }}]{{ message['content'] | trim }}{{ eos_token }}
      {%- endfor %}
      {%- if add_generation_prompt %}
      [assistant]{% if enable_thinking is defined and not enable_thinking %}(briefly){% endif %}
      {%- endif %}""";

  private static final Map<String, String> TOKENS = Map.of("bos_token", "<s>", "eos_token", "</s>");
  private static final List<ChatMessage> HELLO = List.of(new ChatMessage("user", " hi\\n{{ x }} "));

  @TempDir Path folder;

  @Test
  void aTemplateRendersItsConversationAndItsTokensOnce() {
    ChatTemplate template = ChatTemplate.of("mine", TEMPLATE, TOKENS);
    assertThat(template.renderForCompletion(HELLO, Map.of()))
        .isEqualTo("<s>[user]hi\\n{{ x }}</s>[assistant]");
    assertThat(template.renderTranscript(HELLO, Map.of())).isEqualTo("<s>[user]hi\\n{{ x }}</s>");
  }

  @Test
  void variablesReachTheTemplateAsBooleans() {
    ChatTemplate template = ChatTemplate.of("mine", TEMPLATE, TOKENS);
    assertThat(template.renderForCompletion(HELLO, Map.of("enable_thinking", "false")))
        .endsWith("[assistant](briefly)");
    assertThat(template.renderForCompletion(HELLO, Map.of("enable_thinking", "true")))
        .endsWith("[assistant]");
  }

  @Test
  void theDateOfAPromptIsTheSameEachDay() {
    String dated =
        "{{ date_string | default(strftime_now('%d %b %Y')) }}, {{ strftime_now('%B %m %H:%M 100%%') }}";
    ChatTemplate template = ChatTemplate.of("dated", dated, TOKENS);
    assertThat(template.renderForCompletion(HELLO, Map.of()))
        .isEqualTo("26 Jul 2024, July 07 00:00 100%");
    assertThat(template.renderForCompletion(HELLO, Map.of("date_string", "27 Nov 2026")))
        .startsWith("27 Nov 2026,");
  }

  @Test
  void whatATemplateRefusesIsNamedWithIt() {
    ChatTemplate template = ChatTemplate.of("mine", TEMPLATE, TOKENS);
    assertThatThrownBy(
            () -> template.renderTranscript(List.of(new ChatMessage("tool", "x")), Map.of()))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("chat template mine, line 3")
        .hasMessageContaining("no tools here");
  }

  @Test
  void aSyntaxErrorNamesItsLine() {
    ChatTemplate template = ChatTemplate.of("mine", "a\nb\n{% if %}\nc", Map.of());
    assertThatThrownBy(() -> template.renderTranscript(HELLO, Map.of()))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("chat template mine, line 3");
  }

  @Test
  void whatFailsWhileRenderingNamesItsLine() {
    refused(
        "{# one #}\n{% for m in messages %}\n{{ m.content }}\n{{ nowhere(m) }}\n{% endfor %}", 4);
    refused("{%- if messages %}\n{{- raise_exception('no') }}\n{%- endif %}", 2);
  }

  @Test
  void aBlockThatIsNeverClosedIsNamedWhereItBegins() {
    assertThatThrownBy(
            () ->
                ChatTemplate.of("mine", "a\n{% for m in messages %}\nb\n", Map.of())
                    .renderTranscript(HELLO, Map.of()))
        .hasMessageContaining(
            "chat template mine, line 2: the block that begins there is not closed");
  }

  private static void refused(String text, int line) {
    assertThatThrownBy(
            () -> ChatTemplate.of("mine", text, Map.of()).renderTranscript(HELLO, Map.of()))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("chat template mine, line " + line + ": ");
  }

  @Test
  void aTemplateThatIsNoTextIsRefused() throws IOException {
    for (String wrong : List.of("5", "{\"a\": 1}", "[\"x\"]")) {
      Files.writeString(
          folder.resolve("tokenizer_config.json"), "{\"chat_template\": " + wrong + "}");
      assertThatThrownBy(() -> ChatTemplate.open(folder))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("chat_template must be a text or a list of");
    }
    Files.writeString(
        folder.resolve("tokenizer_config.json"), "{\"chat_template\": [{\"template\": \"x\"}]}");
    assertThatThrownBy(() -> ChatTemplate.open(folder)).hasMessageContaining("no chat template");
  }

  @Test
  void aFoldersTemplateIsFoundInEitherFile() throws IOException {
    Files.writeString(
        folder.resolve("tokenizer_config.json"),
        """
        {"bos_token": {"content": "<b>"}, "eos_token": "<e>",
         "chat_template": [{"name": "tools", "template": "no"},
                           {"name": "default", "template": "{{ bos_token }}C{{ eos_token }}"}]}
        """);
    assertThat(ChatTemplate.open(folder).renderTranscript(HELLO, Map.of())).isEqualTo("<b>C<e>");
    Files.writeString(folder.resolve("chat_template.jinja"), "{{ bos_token }}J");
    assertThat(ChatTemplate.open(folder).renderTranscript(HELLO, Map.of())).isEqualTo("<b>J");
  }

  @Test
  void aFolderWithoutTemplateIsRefusedWithTheWayOut() {
    assertThatThrownBy(() -> ChatTemplate.open(folder))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("has no chat template")
        .hasMessageContaining("data.chatTemplate = false");
  }

  @Test
  void publishedTemplatesRenderAsTransformersDoes() throws IOException {
    String setting =
        System.getProperty("REPHRASE_CHAT_TEMPLATES", System.getenv("REPHRASE_CHAT_TEMPLATES"));
    assumeTrue(
        setting != null,
        "skipped: set REPHRASE_CHAT_TEMPLATES to a folder of templates with their renders.json to run it");
    Path templates = Path.of(setting);
    List<String> wrong = new ArrayList<>();
    for (JsonElement element :
        JsonParser.parseString(Files.readString(templates.resolve("renders.json")))
            .getAsJsonArray()) {
      JsonObject golden = element.getAsJsonObject();
      if (!rendered(templates, golden).equals(golden.get("rendered").getAsString())) {
        wrong.add(golden.toString());
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void aRealCheckpointsPromptsHaveTheIdsThatTransformersGivesThem() throws IOException {
    Path checkpoint = TokenizerTest.checkpoint();
    ChatFormat chat = new ChatFormat(ChatTemplate.open(checkpoint), List.of(), Map.of());
    try (Tokenizer tokenizer = Tokenizer.open(checkpoint);
        Reader reader =
            new InputStreamReader(
                ChatTemplateTest.class.getResourceAsStream("/golden/smollm2-135m-instruct.json"),
                StandardCharsets.UTF_8)) {
      JsonObject golden = JsonParser.parseReader(reader).getAsJsonObject();
      for (JsonElement element : golden.getAsJsonArray("cases")) {
        JsonObject expected = element.getAsJsonObject();
        String rendered = expected.get("rendered").getAsString();
        int from = rendered.indexOf("<|im_start|>user\n") + "<|im_start|>user\n".length();
        String question = rendered.substring(from, rendered.indexOf("<|im_end|>", from));
        assertThat(chat.render(question)).isEqualTo(rendered);
        assertThat(tokenizer.encode(chat.render(question))).isEqualTo(ids(expected, "prompt_ids"));
        assertThat(tokenizer.decode(ids(expected, "greedy_ids")))
            .isEqualTo(expected.get("greedy_text").getAsString());
      }
    }
  }

  private static int[] ids(JsonObject golden, String name) {
    return new Gson().fromJson(golden.get(name), int[].class);
  }

  private static String rendered(Path templates, JsonObject golden) throws IOException {
    String name = golden.get("template").getAsString();
    String text = Files.readString(templates.resolve(name + ".jinja"));
    ChatTemplate template = ChatTemplate.of(name, text, Map.of("bos_token", "<|begin_of_text|>"));
    List<ChatMessage> messages =
        List.of(new Gson().fromJson(golden.get("messages"), ChatMessage[].class));
    Map<String, String> variables = new LinkedHashMap<>();
    golden
        .getAsJsonObject("variables")
        .asMap()
        .forEach((key, value) -> variables.put(key, value.getAsString()));
    return golden.get("add_generation_prompt").getAsBoolean()
        ? template.renderForCompletion(messages, variables)
        : template.renderTranscript(messages, variables);
  }
}
