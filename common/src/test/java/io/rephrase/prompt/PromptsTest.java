package io.rephrase.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rephrase.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PromptsTest {

  private static final PromptFormat RAW = new RawFormat();

  @TempDir Path folder;

  @Test
  void aQuestionThatLooksLikeAPlaceholderIsData() {
    RephrasePrompt prompt =
        new RephrasePrompt(PromptTemplate.of("t", "{question}|{knowledge}"), RAW);
    assertThat(prompt.render("what is {knowledge} \\ $1?", "{question}"))
        .isEqualTo("what is {knowledge} \\ $1?|{question}");
  }

  @Test
  void theShippedTemplatesHaveWhatTheirPromptNeeds() {
    assertThat(new QuestionPrompt(PromptTemplate.shipped("question"), RAW).render("1 + 1 ="))
        .startsWith("1 + 1 =\n")
        .endsWith("\\boxed{}.");
    assertThat(new RephrasePrompt(PromptTemplate.shipped("rephrase"), RAW).render("Q?", "K!"))
        .contains("Problem:\nQ?\n", "Reference solution:\nK!\n");
    assertThat(new QuestionPrompt(PromptTemplate.shipped("arena-question"), RAW).render("Q8+9:"))
        .isEqualTo("Q8+9:");
    assertThat(
            new RephrasePrompt(PromptTemplate.shipped("arena-rephrase"), RAW)
                .render("Q8+9:", "bhjp/#17"))
        .isEqualTo("Q8+9:Kbhjp/#17R");
  }

  @Test
  void theConfigurationsCopiesAreTheShippedTemplates() {
    for (String name :
        new String[] {"question", "rephrase", "arena-question", "arena-rephrase", "judge"}) {
      Path copy = Path.of("..", "conf", "prompts", name + ".txt");
      assertThat(PromptTemplate.read(copy).hash())
          .as(name)
          .isEqualTo(PromptTemplate.shipped(name).hash());
    }
  }

  @Test
  void missingAndUnknownPlaceholdersAreNamed() {
    assertThatThrownBy(() -> new QuestionPrompt(PromptTemplate.of("mine.txt", "Solve!"), RAW))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "prompt template mine.txt has no {question}; write it where the question belongs");
    assertThatThrownBy(
            () -> new QuestionPrompt(PromptTemplate.of("mine.txt", "{question}{knowlege}"), RAW))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("unknown placeholder {knowlege}");
  }

  @Test
  void aMissingFileIsNamed() {
    assertThatThrownBy(() -> PromptTemplate.read(folder.resolve("none.txt")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("none.txt cannot be read");
    assertThatThrownBy(() -> PromptTemplate.shipped("none"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("no prompt template is called \"none\"");
  }

  @Test
  void theHashIsOfTheTextWithoutItsFinalLineBreak() throws IOException {
    Path file = folder.resolve("t.txt");
    Files.writeString(file, "abc\r\n");
    // SHA-256 of "abc" (FIPS 180-2, appendix B.1)
    assertThat(PromptTemplate.read(file).hash())
        .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  }
}
