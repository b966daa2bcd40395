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

  /** For {@code strftime_now}: the same date each day, in English whatever the machine speaks. */
  private static final String FIXED_DATE =
      """
      (function () {
        const Today = Date;
        globalThis.Date = class extends Today {
          constructor(...parts) {
            super(...(parts.length > 0 ? parts : [2024, 6, 26]));
          }
        };
        const Format = Intl.DateTimeFormat;
        Intl.DateTimeFormat = function (locale, options) {
          return new Format("en", options);
        };
      })()
      """;

  /**
   * The library's errors know no lines. Of a template that does not parse, the first lines that end
   * in the same error do; else the template is rendered again with a mark before every tag, and the
   * last mark passed tells.
   */
  private static final String FAULTY_LINE =
      """
      (function (library) {
        const TAG = /{#[^]*?#}|{{[^]*?}}|{%[^]*?%}/g;
        function whereParsingFails(template, message) {
          const lines = template.split("\\n");
          for (let count = 1; count <= lines.length; count++) {
            try {
              new library.Template(lines.slice(0, count).join("\\n"));
            } catch (error) {
              if (message.endsWith(error.message)) return count;
            }
          }
          return 0;
        }
        function whereRenderingFails(template, variables, message) {
          let passed = 0;
          const marked = template.replace(TAG, (tag, offset) => {
            const line = template.slice(0, offset).split("\\n").length;
            return tag.startsWith("{#") ? tag : "{{ passed_line(" + line + ") }}" + tag;
          });
          const mark = line => { passed = line; return ""; };
          try {
            new library.Template(marked).render({ ...JSON.parse(variables), passed_line: mark });
          } catch (error) {
            if (message.endsWith(error.message)) return passed;
          }
          return 0;
        }
        return function (template, variables, message) {
          return whereParsingFails(template, message)
              || whereRenderingFails(template, variables, message);
        };
      })
      """;

  private final Value render;
  private final Value faultyLine;

  private JinjaEngine() {
    Engine engine = Engine.newBuilder("js").option("engine.WarnInterpreterOnly", "false").build();
    Context context = Context.newBuilder("js").engine(engine).build();
    context.eval("js", FIXED_DATE);
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

  /** The line, from 1, at which it fails with {@code message}; 0 where that cannot be told. */
  static int faultyLine(String template, String variablesJson, String message) {
    JinjaEngine engine = Shared.ENGINE;
    synchronized (engine) {
      return engine.faultyLine.execute(template, variablesJson, message).asInt();
    }
  }
}
