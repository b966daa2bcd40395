package io.rephrase.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.rephrase.jobs.experiment.Comparing;
import io.rephrase.jobs.experiment.Comparison;
import io.rephrase.jobs.experiment.RunFigures;
import io.rephrase.jobs.experiment.RunFigures.Iteration;
import io.rephrase.jobs.experiment.RunFigures.Metric;
import io.rephrase.jobs.experiment.RunFigures.Score;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pages in a real browser; skipped where there is no Chromium. */
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
  void aMetricThatWasNotMeasuredSaysSoInsteadOfShowingAnother() throws Exception {
    String choose =
        """
        <script>addEventListener('load', () => setTimeout(() => {
          const select = document.querySelector('select[aria-label="Metric"]');
          select.value = 'kl_reference';
          select.dispatchEvent(new Event('change'));
        }))</script></body>""";
    String page = new ReportPage().render(SampleReports.arena());
    String open = page.replaceFirst("<meta http-equiv=\"Content-Security-Policy\"[^>]*>", "");

    assertThat(openPage(open.replace("</body>", choose)))
        .contains("data-ready=\"true\"", "Chart: kl_reference: not measured in this run");
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

  @Test
  void anExperimentShowsEverySeedAndWhatWasComparedOfIt() throws Exception {
    // Of ten problems repo solves 7 and 5, grpo 1 and 3: differences of 60 and 20 points, mean 40;
    // s = 28.284, s / sqrt(2) = 20, t(0.975; 1) = 12.7062: half 254.1
    Comparison comparison =
        new Comparing(
                "x", List.of("repo", "grpo"), List.of(1L, 2L), 0, new Metric("arena", List.of(4.0)))
            .of(
                List.of(
                    run("repo", 1, 0.7), run("grpo", 1, 0.1),
                    run("repo", 2, 0.5), run("grpo", 2, 0.3)),
                Instant.EPOCH);

    assertThat(openPage(new ExperimentPage(comparison).html()))
        .contains(
            "data-ready=\"true\"",
            "4 of 4 runs compared",
            "Of accuracy at difficulty 4 of arena",
            "+40.0",
            "\u2212214.1 to +294.1",
            "70.0 \u2212 10.0",
            "50.0 \u2212 30.0",
            "Gradient norm");
  }

  private static RunFigures run(String method, long seed, double solved) {
    return new RunFigures(
        "x-%s-%d".formatted(method, seed),
        method,
        seed,
        "finished",
        1,
        List.of(new Score(1, "arena", Optional.of(4.0), solved, 10)),
        List.of(new Iteration(0, 100, 80, 1, 2.5, 3, Map.of("gradient_norm", 0.5))));
  }

  private String open(ReportData data) throws IOException, InterruptedException {
    return openPage(new ReportPage().render(data));
  }

  private String openPage(String html) throws IOException, InterruptedException {
    Optional<String> browser = browser();
    Assumptions.assumeTrue(
        browser.isPresent(),
        "no chromium, chromium-browser or google-chrome on the PATH: the page is not tried in a browser");
    Path page = folder.resolve("report.html");
    Files.writeString(page, html);
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
