package io.rephrase.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page in a real browser; skipped where there is no Chromium. */
class ReportPageBrowserTest {

  private static final String HOSTILE =
      "</script><script>document.documentElement.dataset.taken='1'</script>"
          + "<img src=x onerror=\"document.documentElement.dataset.taken='1'\">"
          + "<svg onload=\"document.documentElement.dataset.taken='1'\"></svg>"
          + "'\"><a href=\"javascript:void(0)\">link</a>";

  @TempDir Path folder;

  @Test
  void whatAModelWroteShowsAsText() throws Exception {
    String dom = open(SampleReports.hostile(HOSTILE));

    assertThat(dom).contains("data-ready=\"true\"").doesNotContain("data-taken");
    String body = dom.substring(dom.indexOf("<main"), dom.indexOf("</main>"));
    assertThat(body).doesNotContain("<img", "<svg", "<script").contains("&lt;img src=x onerror=");
  }

  @Test
  void groupShowsTheGatesArithmetic() throws Exception {
    assertThat(open(SampleReports.arena()))
        .contains(
            "data-ready=\"true\"",
            "γ = 7/8 = 0.875 ≥ ρ = 0.75 → hard",
            "Accuracy by difficulty: arena",
            "replaces rollout 0");
  }

  @Test
  void runsAreComparedOnTheSameCharts() throws Exception {
    assertThat(open(SampleReports.compared()))
        .contains("data-ready=\"true\"", "Runs compared", "Accuracy, difficulty 6: arena");
  }

  @Test
  void emptyPanelsSayWhyTheyAreEmpty() throws Exception {
    assertThat(open(SampleReports.empty()))
        .contains(
            "data-ready=\"true\"",
            "No evaluation is recorded yet",
            "No optimizer step is recorded",
            "Groups appear here after the first rollouts.");
  }

  private String open(ReportData data) throws IOException, InterruptedException {
    Optional<String> browser = browser();
    Assumptions.assumeTrue(
        browser.isPresent(),
        "no chromium, chromium-browser or google-chrome on the PATH: the page is not tried in a browser");
    Path page = folder.resolve("report.html");
    Files.writeString(page, new ReportPage().render(data));
    Path dom = folder.resolve("dom.html");
    Process process =
        new ProcessBuilder(
                browser.get(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--user-data-dir=" + folder.resolve("profile"),
                "--virtual-time-budget=5000",
                "--dump-dom",
                page.toUri().toString())
            .redirectError(folder.resolve("browser.log").toFile())
            .redirectOutput(dom.toFile())
            .start();
    try {
      assertThat(process.waitFor(90, TimeUnit.SECONDS)).as("browser ended in time").isTrue();
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    return Files.readString(dom, StandardCharsets.UTF_8);
  }

  private static Optional<String> browser() {
    List<String> names = List.of("chromium", "chromium-browser", "google-chrome");
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .flatMap(folder -> names.stream().map(name -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .map(Path::toString)
        .findFirst();
  }
}
