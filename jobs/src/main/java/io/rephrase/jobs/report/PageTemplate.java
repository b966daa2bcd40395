package io.rephrase.jobs.report;

import io.rephrase.data.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A page of one file: style, scripts, chart library and data all inside, no request to anywhere.
 * Immutable and thread-safe.
 *
 * @param content name of the HTML of its body; head and foot are the same for every page
 * @param scripts names of its scripts, in order
 */
record PageTemplate(String content, List<String> scripts) {

  private static final String ASSETS = "/io/rephrase/report/";
  private static final String SHELL = "shell.html";
  private static final String WEBJAR = "/META-INF/resources/webjars/chart.js/";
  private static final String WEBJAR_PROPERTIES =
      "/META-INF/maven/org.webjars.npm/chart.js/pom.properties";

  /** What the shell leaves open, such as {@code {{style}}}. */
  private static final Pattern SLOT = Pattern.compile("\\{\\{([a-z_]+)}}");

  /** The page as text, to be stored as UTF-8; {@code data} becomes its JSON. */
  String render(String title, Object data) {
    String version = chartLibraryVersion();
    String library = chartLibrary(version);
    String program =
        scripts.stream().map(name -> asset(ASSETS + name)).collect(Collectors.joining("\n"));
    Map<String, String> slots = new LinkedHashMap<>();
    slots.put("content", asset(ASSETS + content));
    slots.put("title", escapeHtml(title));
    slots.put("script_hashes", hashSource(library) + " " + hashSource(program));
    slots.put("style", asset(ASSETS + "page.css"));
    slots.put("library", library);
    slots.put("program", program);
    slots.put("data", PageJson.of(data));
    slots.put("library_version", escapeHtml(version));
    slots.put("library_license", escapeHtml(asset(WEBJAR + version + "/LICENSE.md")));
    return fill(asset(ASSETS + SHELL), slots);
  }

  /** One pass, so that what is put into a slot is never searched for slots. */
  private static String fill(String template, Map<String, String> slots) {
    Matcher matcher = SLOT.matcher(template);
    StringBuilder page = new StringBuilder();
    while (matcher.find()) {
      String value = slots.get(matcher.group(1));
      if (value == null) {
        throw new IllegalStateException("a page has an unknown slot " + matcher.group());
      }
      matcher.appendReplacement(page, "");
      page.append(value);
    }
    return matcher.appendTail(page).toString();
  }

  static String escapeHtml(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  /** The content security policy's name for a script element of exactly this text. */
  private static String hashSource(String script) {
    return "'sha256-" + Base64.getEncoder().encodeToString(Sha256.of(script)) + "'";
  }

  private static String chartLibraryVersion() {
    Properties properties = new Properties();
    try (InputStream in = PageTemplate.class.getResourceAsStream(WEBJAR_PROPERTIES)) {
      if (in == null) {
        throw missing(WEBJAR_PROPERTIES);
      }
      properties.load(in);
    } catch (IOException broken) {
      throw new UncheckedIOException("reading " + WEBJAR_PROPERTIES, broken);
    }
    return properties.getProperty("version");
  }

  /** Without the link to its source map, which would be a request. */
  private static String chartLibrary(String version) {
    return asset(WEBJAR + version + "/dist/chart.umd.min.js")
        .replaceAll("(?m)^//# sourceMappingURL=.*$", "")
        .strip();
  }

  private static String asset(String name) {
    try (InputStream in = PageTemplate.class.getResourceAsStream(name)) {
      if (in == null) {
        throw missing(name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n");
    } catch (IOException broken) {
      throw new UncheckedIOException("reading " + name, broken);
    }
  }

  private static IllegalStateException missing(String resource) {
    return new IllegalStateException(
        "resource %s is not on the class path: this jar was packed without it".formatted(resource));
  }
}
