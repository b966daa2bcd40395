package io.rephrase.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReportPageTest {

  private static final String HOSTILE =
      "</script><script>alert(1)</script><!-- <img src=x onerror=alert(2)> ]]> {{library}} \u2028\u2029 & \" ' \\";

  private final ReportPage page = new ReportPage();

  @Test
  void markupInModelTextCannotLeaveTheDataElement() {
    String html = page.render(SampleReports.hostile(HOSTILE));

    String data = data(html);
    assertThat(data).doesNotContain("<", ">", "&", "\u2028", "\u2029");
    // The template's own three elements and no other: data, library, program.
    assertThat(html.split("<script", -1)).hasSize(4);
    assertThat(html.split("</script", -1)).hasSize(4);
    assertThat(html).doesNotContain("<img", "<!-- <img");
  }

  @Test
  void escapedTextReadsBackUnchanged() {
    JsonObject data =
        JsonParser.parseString(data(page.render(SampleReports.hostile(HOSTILE)))).getAsJsonObject();

    JsonObject group = data.getAsJsonArray("groups").get(0).getAsJsonObject();
    assertThat(group.get("question").getAsString()).isEqualTo(HOSTILE);
    assertThat(group.getAsJsonArray("rollouts").get(0).getAsJsonObject().get("text").getAsString())
        .isEqualTo(HOSTILE);
  }

  @Test
  void runNameInTheTitleIsEscaped() {
    assertThat(page.render(SampleReports.hostile("</title><b>\"'&")))
        .contains("<title>Run &lt;/title&gt;&lt;b&gt;&quot;&#39;&amp;</title>");
  }

  @Test
  void numbersThatAreNoneBecomeNull() {
    assertThat(PageJson.of(Map.of("a", new double[] {1.5, Double.NaN, Double.POSITIVE_INFINITY})))
        .isEqualTo("{\"a\":[1.5,null,null]}");
  }

  @Test
  void halfACharacterIsEscapedAndAWholeOneKept() {
    assertThat(PageJson.escape("a\ud83d|\ude00|\ud83d\ude00"))
        .isEqualTo("a\\ud83d|\\ude00|\ud83d\ude00");
  }

  @Test
  void pageAsksNobodyForAnything() {
    String html = page.render(SampleReports.arena());

    assertThat(html).contains("default-src 'none'").doesNotContain("sourceMappingURL");
    assertThat(Pattern.compile("(src|href|action)\\s*=\\s*[\"']?(https?:|//)").matcher(html).find())
        .isFalse();
    assertThat(html).doesNotContain("@import", "url(");
  }

  @Test
  void licenceOfTheChartLibraryIsShippedWithIt() {
    assertThat(page.render(SampleReports.arena()))
        .contains("Copyright (c) 2014-2024 Chart.js Contributors", "Permission is hereby granted");
  }

  @Test
  void everySlotIsFilled() {
    assertThat(
            Pattern.compile("\\{\\{[a-z_]+}}").matcher(page.render(SampleReports.arena())).find())
        .isFalse();
  }

  /** The browser test shows what happens; this one says why, without a browser. */
  @ParameterizedTest
  @ValueSource(strings = {"dom.js", "charts.js", "curves.js", "groups.js", "page.js"})
  void scriptsReachThePageThroughTextOnly(String script) throws IOException {
    assertThat(resource(script))
        .doesNotContain(
            "innerHTML",
            "outerHTML",
            "insertAdjacent",
            "document.write",
            "eval(",
            "new Function",
            "srcdoc",
            "createContextualFragment",
            "fetch(",
            "XMLHttpRequest",
            "import(");
  }

  @Test
  void everyElementTheScriptsLookUpIsInTheTemplate() throws IOException {
    String template = resource("shell.html") + resource("page.html");
    for (String script : List.of("charts.js", "curves.js", "groups.js", "page.js")) {
      Matcher ids = Pattern.compile("getElementById\\('([a-z-]+)'\\)").matcher(resource(script));
      while (ids.find()) {
        assertThat(template).as(script).contains("id=\"" + ids.group(1) + "\"");
      }
    }
  }

  @Test
  void firstSeriesMustBeTheRunItself() {
    ReportData empty = SampleReports.empty();
    assertThatThrownBy(
            () ->
                new ReportData(
                    empty.generatedAt(),
                    empty.run(),
                    List.of(),
                    List.of(),
                    0.5,
                    0.75,
                    List.of(),
                    empty.selection(),
                    List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "the first series must be of run \"arena\"; add it, with empty lists where nothing is known");
  }

  private static String data(String html) {
    String opening = "<script type=\"application/json\" id=\"report-data\">";
    int start = html.indexOf(opening) + opening.length();
    return html.substring(start, html.indexOf("</script>", start));
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = ReportPageTest.class.getResourceAsStream("/io/rephrase/report/" + name)) {
      assertThat(in).as(name).isNotNull();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
