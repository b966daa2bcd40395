package io.rephrase.endpoint;

import io.rephrase.ConfigurationException;
import java.net.http.HttpRequest;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A key as the environment has it. It is only ever put into the header of a request: not
 * serializable, not shown, and taken out of what a server says where it does not answer.
 */
public final class EndpointKey {

  /** The name of no variable: the server wants no key. */
  public static final String NONE = "";

  private static final Pattern NAME = Pattern.compile("[A-Z_][A-Z0-9_]{0,99}");
  private static final Pattern LONG_WORD = Pattern.compile("(?=.*[0-9])[A-Z0-9]{20,}");
  private static final Pattern HEADER_VALUE = Pattern.compile("[\\x21-\\x7e]+");

  private final String value;

  private EndpointKey(String value) {
    this.value = value;
  }

  /**
   * Checks that a setting names a variable and is not the key itself, which would be stored and
   * shown; the message does not repeat it.
   *
   * @throws IllegalArgumentException if it is no name; the message begins with {@code keyVariable}
   */
  public static void checkName(String variable) {
    boolean name = NAME.matcher(variable).matches() && !LONG_WORD.matcher(variable).matches();
    if (!variable.equals(NONE) && !name) {
      throw new IllegalArgumentException(
          "keyVariable must be the NAME of an environment variable in capitals, such as OPENAI_API_KEY; the value given is none and is not repeated here, in case it is the key itself: take it out, and put the key into the environment");
    }
  }

  /**
   * The key in this process's environment.
   *
   * @param variable its name, or {@link #NONE}
   * @throws ConfigurationException if the variable is not set, or cannot be a header's value
   */
  public static EndpointKey ofEnvironment(String variable) {
    return of(variable, System::getenv);
  }

  static EndpointKey of(String variable, UnaryOperator<@Nullable String> environment) {
    checkName(variable);
    if (variable.equals(NONE)) {
      return new EndpointKey("");
    }
    String value = environment.apply(variable);
    if (value == null || value.isBlank()) {
      throw new ConfigurationException(
          "keyVariable names %s, and the environment of this process does not have it; export it for the driver and for every executor, or leave keyVariable empty for a server without a key"
              .formatted(variable));
    }
    if (!HEADER_VALUE.matcher(value.strip()).matches()) {
      throw new ConfigurationException(
          "the environment variable %s holds spaces or characters that no key has; export the key alone"
              .formatted(variable));
    }
    return new EndpointKey(value.strip());
  }

  void sign(HttpRequest.Builder request) {
    if (!value.isEmpty()) {
      request.header("Authorization", "Bearer " + value);
    }
  }

  /** The text with the key taken out, should a server have repeated it. */
  String redacted(String text) {
    return value.isEmpty() ? text : text.replace(value, "***");
  }

  @Override
  public String toString() {
    return value.isEmpty() ? "no key" : "***";
  }
}
