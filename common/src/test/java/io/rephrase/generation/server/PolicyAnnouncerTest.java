package io.rephrase.generation.server;

import static io.rephrase.endpoint.HostileServer.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rephrase.EndpointException;
import io.rephrase.endpoint.EndpointAddress;
import io.rephrase.endpoint.EndpointClient;
import io.rephrase.endpoint.EndpointKey;
import io.rephrase.endpoint.HostileServer;
import io.rephrase.endpoint.Patience;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyAnnouncerTest {

  @TempDir Path folder;

  @Test
  void sglangLoadsAFolderAndMayRefuseIt() throws IOException {
    String done = "{\"success\": true, \"message\": \"Succeeded to update model weights.\"}";
    try (HostileServer server = new HostileServer(request -> json(done))) {
      announcer(server, Dialects.SGLANG).announce("/policies/4", 4);
      HostileServer.Request call = server.requests().get(0);
      assertThat(call.path()).isEqualTo("/update_weights_from_disk");
      assertThat(call.body())
          .isEqualTo("{\"model_path\":\"/policies/4\",\"weight_version\":\"4\"}");
    }
    String refused = "{\"success\": false, \"message\": \"Failed to get weights iterator\"}";
    try (HostileServer server = new HostileServer(request -> json(refused))) {
      assertThatThrownBy(() -> announcer(server, Dialects.SGLANG).announce("/policies/4", 4))
          .isInstanceOf(EndpointException.class)
          .hasMessageContaining("did not take up the weights in /policies/4")
          .hasMessageContaining("Failed to get weights iterator");
    }
  }

  @Test
  void vllmReloadsAndForgetsWhatItCachedOfTheOldWeights() throws IOException {
    try (HostileServer server = new HostileServer(request -> json(""))) {
      announcer(server, Dialects.VLLM).announce("/policies/4", 4);
      assertThat(server.requests())
          .extracting(HostileServer.Request::path)
          .containsExactly("/collective_rpc", "/reset_prefix_cache?reset_running_requests=true");
      assertThat(server.requests().get(0).body())
          .isEqualTo(
              "{\"method\":\"reload_weights\",\"args\":[],\"kwargs\":{\"weights_path\":\"/policies/4\"}}");
    }
  }

  @Test
  void aCommandIsToldTheFolderAndTheVersion() throws IOException {
    Path told = folder.resolve("told");
    new CommandAnnouncer(
            List.of("sh", "-c", "echo {folder} {version} > " + told), Duration.ofSeconds(30))
        .announce("/policies/4", 4);
    assertThat(Files.readString(told)).isEqualTo("/policies/4 4\n");
  }

  @Test
  void aCommandThatDoesNotEndIsEnded() {
    CommandAnnouncer slow = new CommandAnnouncer(List.of("sleep", "60"), Duration.ofMillis(200));
    long started = System.nanoTime();
    assertThatThrownBy(() -> slow.announce("/policies/4", 4))
        .isInstanceOf(EndpointException.class)
        .hasMessageContaining("sleep did not end within 0 s");
    assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(30));
  }

  private static PolicyAnnouncer announcer(HostileServer server, Dialects dialect) {
    EndpointClient client =
        new EndpointClient(
            new EndpointAddress(server.url()),
            EndpointKey.ofEnvironment(EndpointKey.NONE),
            Patience.of(10, 20, 0));
    return new CallAnnouncer(client, dialect);
  }
}
