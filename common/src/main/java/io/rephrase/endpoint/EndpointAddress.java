package io.rephrase.endpoint;

import java.io.Serializable;
import java.net.URI;
import java.net.URISyntaxException;

/**
 * Where a server is.
 *
 * @param url such as {@code http://host:8000}; a trailing {@code /v1} is left out. It holds no
 *     password and no key: addresses are shown and stored.
 */
public record EndpointAddress(String url) implements Serializable {

  public EndpointAddress {
    URI uri = parsed(url);
    boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
    if (!web || uri.getHost() == null) {
      throw new IllegalArgumentException(
          "url must be http://host:port or https://host, got \"" + url + "\"");
    }
    url = url.replaceFirst("/+$", "").replaceFirst("/v1$", "");
  }

  /** What may be a secret is not repeated. */
  private static URI parsed(String url) {
    URI uri;
    try {
      uri = new URI(url);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(
          "url must be http://host:port or https://host; at character %d stands what no URL has"
              .formatted(e.getIndex()));
    }
    if (uri.getRawUserInfo() != null || uri.getRawQuery() != null || uri.getRawFragment() != null) {
      throw new IllegalArgumentException(
          "url must hold neither a user, nor a query, nor a fragment, since it is shown and stored; give the key in an environment variable and its name in keyVariable");
    }
    return uri;
  }

  /** The address of one of its calls. */
  URI at(String path) {
    return URI.create(url + path);
  }
}
