package io.rephrase.endpoint;

import static io.rephrase.endpoint.HostileServer.json;
import static io.rephrase.endpoint.HostileServer.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.gson.JsonObject;
import io.rephrase.ConfigurationException;
import io.rephrase.EndpointException;
import io.rephrase.endpoint.RequestFailedException.Fault;
import java.io.IOException;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class EndpointClientTest {

  private static final String KEY = "sk-test-0123456789";
  private static final Patience BRIEF =
      new Patience(Duration.ofMillis(400), Duration.ofSeconds(20), 3, Duration.ofMillis(10));

  @Test
  void theKeyGoesIntoTheHeaderAndNowhereElse() throws Exception {
    try (HostileServer server = new HostileServer(request -> json("{\"ok\": true}"))) {
      JsonObject answer = client(server, BRIEF).post("/v1/x", new JsonObject(), 1, () -> false);
      assertThat(answer.get("ok").getAsBoolean()).isTrue();
      HostileServer.Request request = server.requests().get(0);
      assertThat(request.headers()).containsEntry("authorization", "Bearer " + KEY);
      assertThat(request.path()).isEqualTo("/v1/x");
      assertThat(request.body()).isEqualTo("{}");
      assertThat(key()).hasToString("***");
    }
  }

  @Test
  void theWordsOfAModelAreLeftAsTheyAreThoughTheyHoldTheKey() throws Exception {
    try (HostileServer server =
        new HostileServer(request -> json("{\"text\": \"the set is %s\"}".formatted(KEY)))) {
      JsonObject answer = client(server, BRIEF).post("/v1/x", new JsonObject(), 1, () -> false);
      assertThat(answer.get("text").getAsString()).isEqualTo("the set is " + KEY);
    }
  }

  @Test
  void aServerThatIsBusyIsAskedAgainNotBeforeItSays() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    try (HostileServer server =
        new HostileServer(
            request ->
                asked.getAndIncrement() == 0
                    ? status(429, "Retry-After: 1\r\n", "{\"error\": \"busy\"}")
                    : json("{}"))) {
      long started = System.nanoTime();
      client(server, BRIEF).post("/v1/x", new JsonObject(), 1, () -> false);
      assertThat(server.requests()).hasSize(2);
      assertThat(System.nanoTime() - started).isGreaterThanOrEqualTo(1_000_000_000L);
    }
  }

  @Test
  void aWaitPastTheDeadlineIsNotBegun() throws Exception {
    try (HostileServer server =
        new HostileServer(request -> status(503, "Retry-After: 3600\r\n", "come back later"))) {
      RequestFailedException failure = failure(server, BRIEF);
      assertThat(failure.fault()).isEqualTo(Fault.SERVER);
      assertThat(failure)
          .hasMessage(
              server.url()
                  + " gave no usable answer in 1 attempts, which spent the deadline of 20.0 s; the last: HTTP 503, come back later");
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void errorsOfTheServerAreTriedAgainAsOftenAsAllowed() throws Exception {
    try (HostileServer server = new HostileServer(request -> status(500, "", "out of\nmemory"))) {
      assertThat(failure(server, BRIEF))
          .hasMessageEndingWith(
              "in 4 attempts, which spent the 3 retries; the last: HTTP 500, out of memory");
      assertThat(server.requests()).hasSize(4);
    }
  }

  @Test
  void anAnswerThatStallsAfterItsHeadersIsLate() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    try (HostileServer server =
        new HostileServer(
            request -> asked.getAndIncrement() == 0 ? HostileServer.stalled(10_000) : json("{}"))) {
      client(server, BRIEF).post("/v1/x", new JsonObject(), 1, () -> false);
      assertThat(server.requests()).hasSize(2);
    }
    try (HostileServer server = new HostileServer(request -> HostileServer.stalled(10_000))) {
      assertThat(failure(server, BRIEF))
          .hasMessageEndingWith("the last: no whole answer within 0.4 s");
    }
  }

  @Test
  void connectionsThatEndInMidAnswerAndTextsThatAreNoJsonAreTriedAgain() throws Exception {
    List<HostileServer.Reply> replies =
        List.of(
            HostileServer.cutOff("{\"text\": \"a long answer that is cut off\"}"),
            HostileServer.closed(),
            json("<html>bad gateway</html>"),
            json("{\"whole\": 1}"));
    AtomicInteger asked = new AtomicInteger();
    try (HostileServer server =
        new HostileServer(request -> replies.get(asked.getAndIncrement()))) {
      JsonObject answer = client(server, BRIEF).post("/v1/x", new JsonObject(), 1, () -> false);
      assertThat(answer.get("whole").getAsInt()).isEqualTo(1);
    }
  }

  @Test
  void whatIsNeverJsonIsTheAnswersFault() throws Exception {
    try (HostileServer server = new HostileServer(request -> json("{\"text\": \"half"))) {
      RequestFailedException failure = failure(server, BRIEF);
      assertThat(failure.fault()).isEqualTo(Fault.ANSWER);
      assertThat(failure).hasMessageContaining("the answer is no JSON object: {\"text\": \"half");
    }
  }

  @Test
  void aRefusedRequestIsNotTriedAgain() throws Exception {
    try (HostileServer server =
        new HostileServer(request -> status(400, "", "prompt too long: 9000 > 8192"))) {
      RequestFailedException failure = failure(server, BRIEF);
      assertThat(failure.fault()).isEqualTo(Fault.REQUEST);
      assertThat(failure)
          .hasMessage(
              server.url() + " refused the request: HTTP 400, prompt too long: 9000 > 8192");
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void aWrongKeyEndsTheWorkAndIsNotRepeatedThoughTheServerDoes() throws Exception {
    try (HostileServer server =
        new HostileServer(request -> status(401, "", "Incorrect API key provided: " + KEY))) {
      assertThatThrownBy(
              () -> client(server, BRIEF).post("/v1/x", new JsonObject(), 1, () -> false))
          .isInstanceOf(EndpointException.class)
          .hasMessageContaining("HTTP 401, Incorrect API key provided: ***;")
          .hasMessageContaining("the variable that keyVariable names");
    }
  }

  @Test
  void aRedirectionIsNotFollowedWithTheKey() throws Exception {
    try (HostileServer other = new HostileServer(request -> json("{}"));
        HostileServer server =
            new HostileServer(
                request -> status(307, "Location: " + other.url() + "/v1/x\r\n", ""))) {
      assertThatThrownBy(
              () -> client(server, BRIEF).post("/v1/x", new JsonObject(), 1, () -> false))
          .isInstanceOf(EndpointException.class)
          .hasMessageContaining("HTTP 307, without a word");
      assertThat(other.requests()).isEmpty();
    }
  }

  @Test
  void nobodyListensOnAClosedPort() throws Exception {
    HostileServer server = new HostileServer(request -> json("{}"));
    server.close();
    assertThat(failure(server, BRIEF))
        .hasMessageContaining(server.url())
        .hasMessageContaining("ConnectException");
  }

  @Test
  void aCallMayBeAnsweredWithoutAWord() throws Exception {
    try (HostileServer server = new HostileServer(request -> json(""))) {
      assertThat(client(server, BRIEF).tell("/reset", new JsonObject()).size()).isZero();
    }
  }

  @Test
  void pausesDoubleUpToAMinuteLessUpToHalf() {
    Patience patience = Patience.of(600, 3600, 8);
    assertThat(patience.pauseMs(0, 0)).isEqualTo(500);
    assertThat(patience.pauseMs(3, 0)).isEqualTo(4_000);
    // 4 s shortened by half of a half: 4,000 * (1 - 0.5 / 2)
    assertThat(patience.pauseMs(3, 0.5)).isEqualTo(3_000);
    assertThat(patience.pauseMs(12, 0)).isEqualTo(60_000);
    assertThat(patience.pauseMs(40, 0)).isEqualTo(60_000);
  }

  @Test
  void aTimeToComeBackIsSecondsOrADate() {
    Instant now = Instant.parse("2015-10-21T07:28:00Z");
    assertThat(RetryAfter.millis(headers("120"), now)).isEqualTo(120_000);
    assertThat(RetryAfter.millis(headers("Wed, 21 Oct 2015 07:28:05 GMT"), now)).isEqualTo(5_000);
    assertThat(RetryAfter.millis(headers("Wed, 21 Oct 2015 07:27:00 GMT"), now)).isZero();
    assertThat(RetryAfter.millis(headers("soon"), now)).isZero();
  }

  private static HttpHeaders headers(String value) {
    return HttpHeaders.of(Map.of("Retry-After", List.of(value)), (name, v) -> true);
  }

  @Test
  void aKeyWhereItsVariablesNameBelongsIsRefusedAndNotRepeated() {
    for (String wrong :
        List.of("sk-proj-abcDEF123", "sk_live_4eC39HqLyjWDarjtT1", "AB12CD34EF56AB12CD34EF56")) {
      assertThatThrownBy(() -> EndpointKey.checkName(wrong))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("keyVariable must be the NAME of an environment variable")
          .message()
          .doesNotContain(wrong);
    }
    EndpointKey.checkName("OPENAI_API_KEY");
    EndpointKey.checkName("HF_TOKEN_2");
    EndpointKey.checkName(EndpointKey.NONE);
  }

  @Test
  void aVariableThatIsNotSetIsNamed() {
    assertThatThrownBy(() -> EndpointKey.of("MY_KEY", name -> null))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("keyVariable names MY_KEY");
    assertThatThrownBy(() -> EndpointKey.of("MY_KEY", name -> "secret word"))
        .isInstanceOf(ConfigurationException.class)
        .message()
        .contains("MY_KEY holds spaces")
        .doesNotContain("secret");
  }

  @Test
  void addressesHoldNoSecrets() {
    assertThat(new EndpointAddress("http://host:8000/v1/").url()).isEqualTo("http://host:8000");
    for (String secret : List.of("http://me:hunter2@host", "https://host/v1?api_key=hunter2")) {
      assertThatThrownBy(() -> new EndpointAddress(secret))
          .isInstanceOf(IllegalArgumentException.class)
          .message()
          .contains("url must hold neither a user, nor a query")
          .doesNotContain("hunter2");
    }
    assertThatThrownBy(() -> new EndpointAddress("host:8000"))
        .hasMessage("url must be http://host:port or https://host, got \"host:8000\"");
  }

  private static EndpointKey key() {
    return EndpointKey.of("TEST_KEY", name -> KEY);
  }

  private static EndpointClient client(HostileServer server, Patience patience) {
    return new EndpointClient(new EndpointAddress(server.url()), key(), patience);
  }

  private static RequestFailedException failure(HostileServer server, Patience patience)
      throws IOException {
    return catchThrowableOfType(
        RequestFailedException.class,
        () -> client(server, patience).post("/v1/x", new JsonObject(), 1, () -> false));
  }
}
