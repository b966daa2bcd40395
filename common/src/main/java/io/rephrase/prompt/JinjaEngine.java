package io.rephrase.prompt;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Engine;
import org.graalvm.polyglot.Value;

/**
 * {@code @huggingface/jinja} in a JavaScript context without access to the machine. One for the
 * process, made when the first template is rendered (about a second); calls take turns.
 */
final class JinjaEngine {

  /** Keeps the last template parsed: a run has one. */
  private static final String RENDER =
      """
      (function (library) {
        let text, parsed;
        return function (template, variables) {
          if (template !== text) {
            parsed = new library.Template(template);
            text = template;
          }
          return parsed.render(JSON.parse(variables));
        };
      })
      """;

  /** The library's errors know no lines: the first lines that end in the same error do. */
  private static final String FAULTY_LINE =
      """
      (function (library) {
        return function (template, message) {
          const lines = template.split("\\n");
          for (let count = 1; count <= lines.length; count++) {
            try {
              new library.Template(lines.slice(0, count).join("\\n"));
            } catch (error) {
              if (message.endsWith(error.message)) return count;
            }
          }
          return 0;
        };
      })
      """;

  private final Value render;
  private final Value faultyLine;

  private JinjaEngine() {
    Engine engine = Engine.newBuilder("js").option("engine.WarnInterpreterOnly", "false").build();
    Context context = Context.newBuilder("js").engine(engine).build();
    Value library =
        context
            .eval("js", "(function (module) {" + source() + "\nreturn module.exports; })")
            .execute(context.eval("js", "({ exports: {} })"));
    this.render = context.eval("js", RENDER).execute(library);
    this.faultyLine = context.eval("js", FAULTY_LINE).execute(library);
  }

  private static String source() {
    try (InputStream in = JinjaEngine.class.getResourceAsStream("jinja/jinja.js")) {
      if (in == null) {
        throw new IllegalStateException("our own jar lacks jinja/jinja.js");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Made on first use. */
  private static final class Shared {
    static final JinjaEngine ENGINE = new JinjaEngine();
  }

  /**
   * The rendered text.
   *
   * @param variablesJson an object
   * @throws org.graalvm.polyglot.PolyglotException with the template's own error
   */
  static String render(String template, String variablesJson) {
    JinjaEngine engine = Shared.ENGINE;
    synchronized (engine) {
      return engine.render.execute(template, variablesJson).asString();
    }
  }

  /** The line, from 1, at which parsing fails with {@code message}; 0 if it does not. */
  static int faultyLine(String template, String message) {
    JinjaEngine engine = Shared.ENGINE;
    synchronized (engine) {
      return engine.faultyLine.execute(template, message).asInt();
    }
  }
}
