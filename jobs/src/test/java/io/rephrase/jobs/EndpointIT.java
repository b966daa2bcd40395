package io.rephrase.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rephrase.ConfigurationException;
import io.rephrase.EndpointException;
import io.rephrase.jobs.spark.SparkTestSession;
import io.rephrase.jobs.table.Tables;
import io.rephrase.jobs.table.Warehouse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs whose policy is sampled by a server. */
class EndpointIT {

  /** A variable that every environment has plays the key. */
  private static final String VARIABLE = "PATH";

  private static final String KEY = Objects.requireNonNull(System.getenv(VARIABLE));

  @TempDir static Path folder;
  private static Warehouse warehouse;

  @BeforeAll
  static void openWarehouse() {
    warehouse = Warehouse.open(SparkTestSession.get(), folder.resolve("warehouse").toString());
  }

  @Test
  void aRunIsSampledByTheServerWhichHearsOfEachPolicyFirst() throws IOException {
    try (ModelServer server = new ModelServer(KEY, Integer.MAX_VALUE)) {
      Jobs.ITERATE.run(
          warehouse, call("served", server, "run.iterations=1", "engine.endpoint.announce=call"));

      // 6 problems of 1 to 6 steps, one at each; 6 prompts x 3 rollouts; the problems again.
      assertThat(rows(Tables.EVALUATIONS, "served", "completion_tokens", "text"))
          .hasSize(12)
          .containsOnly("[2,3]");
      assertThat(rows(Tables.ROLLOUT_GROUPS, "served", "rollouts.token_ids", "rollouts.log_probs"))
          .hasSize(6)
          .allSatisfy(
              row ->
                  assertThat(row)
                      .contains("ArraySeq(6, 1), ArraySeq(6, 1), ArraySeq(6, 1)")
                      .contains("ArraySeq(-0.5, -0.25)"));
      List<String> policies = new ArrayList<>();
      for (String path : rows(Tables.CHECKPOINTS, "served", "policy_version", "path")) {
        String stored = path.substring(path.indexOf(',') + 1, path.length() - 1);
        policies.add("weights " + warehouse.root() + "/" + stored);
      }
      assertThat(server.logged("weights")).containsExactlyElementsOf(policies).hasSize(2);
      assertThat(server.log().get(0)).isEqualTo(policies.get(0));
      int second = server.log().indexOf(policies.get(1));
      assertThat(server.log().subList(second + 1, server.log().size())).hasSize(6);
      assertThat(Path.of(warehouse.journalRoot(), "served")).doesNotExist();
    }
  }

  @Test
  void theKeyIsInNoFileOfTheWarehouse() throws IOException {
    try (ModelServer server = new ModelServer(KEY, Integer.MAX_VALUE)) {
      Jobs.EVALUATE.run(warehouse, call("secret", server));
      assertThat(rows(Tables.EVALUATIONS, "secret", "text")).hasSize(6);
      assertThat(String.join("\n", rows(Tables.RUNS, "secret", "config_json")))
          .contains("\"engine.endpoint.keyVariable\":\"PATH\"")
          .doesNotContain(KEY);
    }
    try (Stream<Path> files = Files.walk(Path.of(warehouse.root()))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(
                new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1))
            .doesNotContain(KEY);
      }
    }
  }

  @Test
  void whatWasAnsweredBeforeTheServerFailedIsNotAskedAgain() throws IOException {
    List<String> asked = new ArrayList<>();
    try (ModelServer dying = new ModelServer(KEY, 4)) {
      assertThatThrownBy(() -> Jobs.EVALUATE.run(warehouse, call("resumed", dying)))
          .rootCause()
          .satisfiesAnyOf(
              cause -> assertThat(cause).hasMessageContaining("EngineDeadError"),
              cause -> assertThat(cause).isInstanceOf(EndpointException.class));
      assertThat(dying.logged("answer")).hasSize(4);
      assertThat(rows(Tables.EVALUATIONS, "resumed", "text")).isEmpty();
      asked.addAll(dying.logged("answer"));
    }
    try (ModelServer mended = new ModelServer(KEY, Integer.MAX_VALUE)) {
      Jobs.EVALUATE.run(warehouse, call("resumed", mended));
      asked.addAll(mended.logged("answer"));
    }
    assertThat(rows(Tables.EVALUATIONS, "resumed", "text")).hasSize(6).containsOnly("[3]");
    assertThat(asked).hasSize(6).doesNotHaveDuplicates();
  }

  @Test
  void textAloneIsGradedAndNeverTrainedOn() throws IOException {
    try (ModelServer server = new ModelServer(KEY, Integer.MAX_VALUE)) {
      String text = "engine.endpoint.dialect=openai";
      String told = "engine.endpoint.announce=command";
      String command = "engine.endpoint.command=[\"true\"]";
      for (Jobs job : List.of(Jobs.ITERATE, Jobs.ROLLOUT)) {
        assertThatThrownBy(() -> job.run(warehouse, call("text", server, text, told, command)))
            .isInstanceOf(ConfigurationException.class)
            .hasMessageStartingWith(
                "engine.endpoint.dialect = openai gives text without token ids and log-probs, and nothing can be trained on that");
      }
      assertThat(server.log()).isEmpty();
      Jobs.EVALUATE.run(warehouse, call("text", server, text, told, command));
      assertThat(rows(Tables.EVALUATIONS, "text", "text", "completion_tokens", "status"))
          .hasSize(6)
          .allSatisfy(row -> assertThat(row).startsWith("[3,2,"));
    }
  }

  @Test
  void whatASettingPromisesAndAServerCannotKeepIsRefused() throws IOException {
    try (ModelServer server = new ModelServer(KEY, 0)) {
      assertThatThrownBy(() -> Jobs.ITERATE.run(warehouse, call("refused", server)))
          .hasMessageContaining(
              "would go on sampling with the first policy while 2 are trained; set announce = call");
      assertThatThrownBy(
              () ->
                  Jobs.ITERATE.run(
                      warehouse,
                      call(
                          "refused",
                          server,
                          "rollout.temperature=0.7",
                          "engine.endpoint.announce=call")))
          .hasMessageContaining("the log-probs of vllm are of the logits")
          .hasMessageContaining("rollout.temperature = 0.7");
      assertThatThrownBy(() -> call("refused", server, "engine.deterministic=true"))
          .hasMessageContaining("engine.deterministic = true promises the same bits");
      assertThatThrownBy(
              () -> call("refused", server, "engine.endpoint.keyVariable=sk-proj-1234abcd"))
          .asInstanceOf(InstanceOfAssertFactories.THROWABLE)
          .hasMessageContaining("engine.endpoint.keyVariable must be the NAME")
          .message()
          .doesNotContain("1234abcd");
      assertThatThrownBy(
              () ->
                  Jobs.EVALUATE.run(
                      warehouse,
                      call("refused", server, "engine.endpoint.keyVariable=NO_SUCH_KEY")))
          .hasMessageContaining("keyVariable names NO_SUCH_KEY");
      assertThat(server.log()).isEmpty();
    }
  }

  @Test
  void aCommandThatFailsStopsBeforeAnythingIsSampled() throws IOException {
    try (ModelServer server = new ModelServer(KEY, Integer.MAX_VALUE)) {
      assertThatThrownBy(
              () ->
                  Jobs.EVALUATE.run(
                      warehouse,
                      call(
                          "command",
                          server,
                          "engine.endpoint.announce=command",
                          "engine.endpoint.command=[sh, -c, \"echo no policy {version} here; exit 3\"]")))
          .isInstanceOf(EndpointException.class)
          .hasMessage(
              "engine.endpoint.command: sh ended with 3, so the server does not have the new weights; it said: no policy 0 here");
      assertThat(server.log()).isEmpty();
    }
  }

  private static JobCall call(String run, ModelServer server, String... more) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "engine.endpoint.url=" + server.url(),
                "engine.endpoint.keyVariable=" + VARIABLE,
                "engine.endpoint.timeoutSeconds=20",
                "engine.endpoint.retries=0",
                "engine.deterministic=false",
                "engine.slots=2"));
    words.addAll(List.of(more));
    return TinyRuns.call(warehouse, run, words.toArray(String[]::new));
  }

  private static List<String> rows(Tables table, String run, String... columns) {
    return TinyRuns.rows(warehouse, table, run, columns);
  }
}
