package io.rephrase.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonPrimitive;
import io.rephrase.ConfigurationException;
import io.rephrase.config.ExperimentConfig.PlannedRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExperimentLoaderTest {

  private static final String REST =
      "seeds = [1, 2], primary { method = repo, against = grpo, difficulties = [4, 5] } }";

  @TempDir private Path folder;

  @Test
  void theGridIsMethodsTimesSeedsWithTheSharedPartBeneath() {
    ExperimentConfig experiment =
        load(
            """
            run.iterations = 7
            evaluate.benchmarks.arena.dataset = arena
            experiment { name = x
              methods {
                dapo { algorithm.preset = dapo }
                grpo { algorithm.preset = grpo, run.iterations = 3 }
                repo { guidance { rho = 0.5 } }
              }
            """
                + REST,
            "rollout.groupSize=4");

    assertThat(experiment.runs().stream().map(PlannedRun::id))
        .containsExactly("x-repo-1", "x-grpo-1", "x-dapo-1", "x-repo-2", "x-grpo-2", "x-dapo-2");
    assertThat(experiment.settings().primary().benchmark()).isEqualTo("arena");
    RunConfig grpo = experiment.runs().get(4).resolved().config();
    assertThat(grpo.run().seed()).isEqualTo(2);
    assertThat(grpo.run().iterations()).isEqualTo(3);
    assertThat(grpo.rollout().groupSize()).isEqualTo(4);
    assertThat(grpo.run().warehouse()).isEqualTo("warehouse/x-grpo-2");
    RunConfig repo = experiment.runs().get(0).resolved().config();
    assertThat(repo.run().iterations()).isEqualTo(7);
    assertThat(repo.guidance().rho()).isEqualTo(0.5);
    assertThat(experiment.runs().get(0).resolved().settings().get("run.seed").value())
        .isEqualTo(new JsonPrimitive(1));
  }

  @Test
  void whatAFileTakesFromAnotherKeyFollowsWordsAndMethods() {
    ExperimentConfig experiment =
        load(
            """
            rephrase.maxTokens = ${rollout.maxTokens}
            policy.checkpoint = "policies/"${experiment.name}
            evaluate.benchmarks.arena.dataset = arena
            experiment { name = x
              methods { repo {}, grpo { algorithm.preset = grpo, rollout.maxTokens = 36 } }
            """
                + REST,
            "rollout.maxTokens=50");
    assertThat(experiment.runs().get(0).resolved().config().rephrase().maxTokens()).isEqualTo(50);
    assertThat(experiment.runs().get(1).resolved().config().rephrase().maxTokens()).isEqualTo(36);
    assertThat(experiment.runs().get(0).resolved().config().policy().checkpoint())
        .isEqualTo("policies/x");
  }

  @Test
  void aKeyThatStandsTwiceInTheSectionIsRefused() {
    refused(
        grid("repo { guidance.rho = 0.5, guidance { rho = 0.6 } }"), "guidance.rho stands twice");
    refused(grid("repo { guidance.rho = 0.5, guidance.rho = 0.6 }"), "guidance.rho stands twice");
    refused(grid("repo { guidance.rho = 0.5\nguidance.rho = 0.5 }"), "guidance.rho stands twice");
    refused(
        grid("repo { guidance.rho = 0.5 }, repo { guidance.rho = 0.6 }"),
        "experiment.methods.repo.guidance.rho stands twice");
    refused(grid("repo {}").replace("seeds = [1, 2]", "seeds = [1], seeds = [2]"), "seeds stands");
  }

  @Test
  void aMethodInTwoBlocksIsRefusedEvenWhereTheirKeysDiffer() {
    String several = "experiment.methods.repo stands in several places, which HOCON would merge";
    refused(grid("repo { guidance.rho = 0.5 }, repo { rephrase.policy = initial }"), several);
    refused(grid("repo { guidance.rho = 0.5 }, repo.rephrase.policy = initial"), several);
    refused(
        grid("repo { guidance.rho = 0.5 } }, methods { repo { rephrase.policy = initial } "),
        several);
    refused(
        grid("\"grpo+nll\" { guidance.rho = 0.5 }\n \"grpo+nll\" { guidance.delta = 0.4 }"),
        "\"grpo+nll\" stands in several places");
    assertThat(load(grid("repo = { guidance.rho = 0.5, rephrase { policy = initial } }")).runs())
        .hasSize(4);
  }

  @Test
  void valuesThatHoldSignsOfSyntaxStandOnce() {
    assertThat(
            load(grid("repo { policy.checkpoint = \"a=b, c: {d}\", data.datasets = [a, \"b=1\"] }"))
                .runs())
        .hasSize(4);
  }

  @Test
  void anUnknownKeyIsRefusedWithItsPlace() {
    refused(
        grid("repo { guidance.row = 0.5 }"),
        "experiment.conf:4",
        "unknown key guidance.row; did you mean rho?");
    refused(
        grid("repo {}").replace("seeds =", "sedes = 1, seeds ="),
        "unknown key sedes; did you mean seeds?");
  }

  @Test
  void whatTheGridSetsIsNoOnesToSet() {
    refused(grid("repo { run.seed = 3 }"), "method repo sets run.seed");
    refused("run.name = mine\n" + grid("repo {}"), "sets run.name");
    assertThatThrownBy(() -> load(grid("repo {}"), "run.seed=4"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("command line: a word sets run.seed");
  }

  @Test
  void seedsAndMethodsMustDiffer() {
    refused(grid("repo {}").replace("[1, 2]", "[1, 2, 1]"), "seeds repeats 1 in [1, 2, 1]");
    refused(
        grid("repo { algorithm.preset = grpo }"), "methods repo and grpo have the same settings");
  }

  @Test
  void theContrastNamesMethodsAndABenchmarkThatAreThere() {
    refused(
        grid("repo {}").replace("against = grpo", "against = gpro"),
        "names method \"gpro\"; did you mean grpo?");
    refused(
        grid("repo {}").replace("{ method = repo", "{ benchmark = math, method = repo"),
        "must be one of evaluate.benchmarks [arena], got \"math\"");
  }

  @Test
  void theShippedExperimentsDoNotTuneOnWhatTheyAreJudgedBy() {
    Path shipped = Path.of("..", "conf", "experiments");
    ExperimentConfig judged = ExperimentLoader.load(shipped.resolve("arena.conf"), List.of());
    ExperimentConfig tuning =
        ExperimentLoader.load(shipped.resolve("arena-tuning.conf"), List.of());

    // 8 methods and 5 seeds; 6 methods, 3 rates and 2 seeds.
    assertThat(judged.runs()).hasSize(40).allMatch(run -> split(run).equals("test"));
    assertThat(tuning.runs()).hasSize(36).allMatch(run -> split(run).equals("tuning"));
    assertThat(tuning.settings().seeds()).doesNotContainAnyElementsOf(judged.settings().seeds());
  }

  private static String split(PlannedRun run) {
    return run.resolved().config().evaluate().benchmarks().get("arena").split();
  }

  private static String grid(String repo) {
    return """
        evaluate.benchmarks.arena.dataset = arena
        experiment { name = x
          methods { grpo { algorithm.preset = grpo }
            %s }
        """
            .formatted(repo)
        + REST;
  }

  private void refused(String text, String... parts) {
    assertThatThrownBy(() -> load(text))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContainingAll(parts);
  }

  private ExperimentConfig load(String text, String... words) {
    Path file = folder.resolve("experiment.conf");
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ExperimentLoader.load(file, List.of(words));
  }
}
