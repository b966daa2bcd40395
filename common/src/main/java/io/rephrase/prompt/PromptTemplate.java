package io.rephrase.prompt;

import io.rephrase.ConfigurationException;
import io.rephrase.data.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A prompt's text with placeholders in braces. Values are put in literally and once: braces in a
 * value are data. Other braces of the template ({@code \boxed{}}) are text. Immutable.
 */
public final class PromptTemplate {

  private static final Pattern PLACEHOLDER = Pattern.compile("\\{([a-z_]+)}");

  private final String origin;
  private final String text;

  private PromptTemplate(String origin, String text) {
    this.origin = origin;
    this.text = text;
  }

  /** A template written in place; {@code origin} names it in messages. */
  public static PromptTemplate of(String origin, String text) {
    return new PromptTemplate(origin, text);
  }

  /**
   * Reads a template from a UTF-8 file; one line break at the very end is not part of it.
   *
   * @throws ConfigurationException if the file cannot be read
   */
  public static PromptTemplate read(Path file) {
    try {
      return of(file.toString(), withoutFinalLineBreak(Files.readString(file)));
    } catch (IOException e) {
      throw new ConfigurationException(
          "prompt template %s cannot be read (%s); name an existing UTF-8 text file"
              .formatted(file, e),
          e);
    }
  }

  /**
   * One of the templates shipped: {@code question}, {@code rephrase}, {@code arena-question},
   * {@code arena-rephrase} or {@code judge}.
   *
   * @throws ConfigurationException if none has this name
   */
  public static PromptTemplate shipped(String name) {
    try (InputStream in = PromptTemplate.class.getResourceAsStream(name + ".txt")) {
      if (in == null) {
        throw new ConfigurationException(
            "no prompt template is called \"%s\"; shipped are arena-question, arena-rephrase, judge, question and rephrase"
                .formatted(name));
      }
      byte[] bytes = in.readAllBytes();
      return of(name, withoutFinalLineBreak(new String(bytes, StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new IllegalStateException("template " + name + " of our own jar cannot be read", e);
    }
  }

  private static String withoutFinalLineBreak(String text) {
    String unix = text.replace("\r\n", "\n");
    return unix.endsWith("\n") ? unix.substring(0, unix.length() - 1) : unix;
  }

  /**
   * Checks that the template has exactly these placeholders, each at least once.
   *
   * @throws ConfigurationException naming what is missing or unknown
   */
  PromptTemplate requiring(Set<String> names) {
    Set<String> found = new TreeSet<>();
    Matcher matcher = PLACEHOLDER.matcher(text);
    while (matcher.find()) {
      found.add(matcher.group(1));
    }
    for (String name : new TreeSet<>(names)) {
      if (!found.contains(name)) {
        throw new ConfigurationException(
            "prompt template %s has no {%s}; write it where the %s belongs"
                .formatted(origin, name, name));
      }
    }
    found.removeAll(names);
    if (!found.isEmpty()) {
      throw new ConfigurationException(
          "prompt template %s has an unknown placeholder {%s}; known here are %s"
              .formatted(origin, found.iterator().next(), new TreeSet<>(names)));
    }
    return this;
  }

  /** The text with each placeholder replaced by its value. */
  String fill(Map<String, String> values) {
    return PLACEHOLDER
        .matcher(text)
        .replaceAll(match -> Matcher.quoteReplacement(values.get(match.group(1))));
  }

  /** SHA-256 of the text, hexadecimal: what a run records. */
  public String hash() {
    return Sha256.hex(text);
  }

  /** The text as written. */
  public String text() {
    return text;
  }
}
