package io.rephrase.reward;

import static org.assertj.core.api.Assertions.assertThat;

import io.rephrase.data.Verdict;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every entry of the catalogue must survive. */
class VerifierContractTest {

  private static final int FUZZED = 20_000;
  private static final List<String> BAD =
      List.of(
          "",
          " ",
          "NaN",
          "\\boxed{NaN}",
          "\\boxed{\\frac{1}{0}}",
          "\\boxed{" + "{".repeat(100_000),
          "{".repeat(100_000),
          "\\boxed{" + "{".repeat(50_000) + "}".repeat(50_001),
          "\\boxed{" + "(".repeat(4_000) + "1" + ")".repeat(4_000) + "}",
          "\\boxed{" + "\\frac{1}{".repeat(900) + "2" + "}".repeat(900) + "}",
          "\\boxed{" + "x^".repeat(4_000) + "2}",
          "\\boxed{" + "-".repeat(9_000) + "2}",
          "\\boxed{" + "2!".repeat(3_000) + "}",
          "\\boxed{" + "+2x".repeat(3_000) + "}",
          "\\boxed{" + "(x+y+z+w)".repeat(900) + "}",
          "\\boxed{9^{9^{9^{9}}}}",
          "\\boxed{x < \\{1,2\\}}",
          "The answer is 7" + "!".repeat(6_000),
          "The answer is 7" + "%".repeat(6_000),
          "The answer is " + "((".repeat(20) + "1!!!" + ")!!!".repeat(40),
          "The answer is " + "\\ln ".repeat(2_000) + "x",
          "The answer is x^" + "-".repeat(6_000) + "y",
          "The answer is" + "\n".repeat(19_000) + "x",
          "The answer is 5" + " ".repeat(19_000) + "\nDone",
          "The answer is \\( " + "\n".repeat(19_000) + "x",
          "5" + " or about".repeat(2_000),
          " ".repeat(19_000) + "about",
          "\\boxed{(10^{7})!}",
          "\\boxed{\\sqrt{2}^{\\sqrt{2}^{\\sqrt{2}}}}",
          "9^9\\text{\\frac}",
          "\\boxed{" + "9".repeat(9_000) + "}",
          "\\boxed{1e999999999}",
          "\\boxed{\u202e5\u202c}",
          "answer is \u05d0\u05d1\u05d2 \u0661\u0662",
          "\\boxed{\ud800}\udc00",
          "a ".repeat(500_000),
          "The answer is ".repeat(70_000),
          "\\boxed{1} ".repeat(100_000),
          "$".repeat(1_000_000),
          "1,".repeat(500_000),
          "(A) ".repeat(250_000),
          "*".repeat(1_000_000),
          " ".repeat(1_000_000) + "x");
  private static final List<String> GOLDS =
      List.of(
          "1", "A", "\\frac{1}{2}", "9^{9^{9^{9}}}", "x^2", "\\{1,2\\}", "\\frac{1}{", "", "yes");
  private static final String[] PIECES = {
    "\\boxed{",
    "}",
    "{",
    "\\frac",
    "12",
    "3.5",
    "x",
    "^",
    "_",
    "(",
    ")",
    "[",
    "]",
    ",",
    "\\sqrt",
    "\\pi",
    "+",
    "-",
    "*",
    "/",
    "=",
    "<",
    "\\le",
    "\\{",
    "\\}",
    "\\cup",
    "\\pm",
    "!",
    "%",
    "|",
    "\\text{",
    " and ",
    "\\begin{pmatrix}",
    "\\end{pmatrix}",
    "&",
    "\\\\",
    "sin",
    "\\log",
    "\\infty",
    "e",
    "i",
    "$",
    "the answer is ",
    "A",
    "B)",
    "\n",
    ".",
    "<think>",
    "</think>",
    "####",
    "cm",
    "\u221a",
    "\u00b2",
    "\ud800",
    "1e9",
    "9^9",
    ":",
    "'",
    "\\overline",
    "\\binom"
  };

  @ParameterizedTest
  @EnumSource(Verifiers.class)
  void badInputsAreAnsweredTheSameEachTimeWithinTheRange(Verifiers entry) {
    Verifier verifier = entry.create();
    for (String completion : BAD) {
      for (String gold : GOLDS) {
        long start = System.nanoTime();
        Verdict verdict = check(verifier, completion, gold);
        String head = completion.substring(0, Math.min(40, completion.length()));
        assertThat((System.nanoTime() - start) / 1e9).as("%s | %s", head, gold).isLessThan(2.0);
        assertThat(verdict).as("%s | %s", head, gold).isEqualTo(verifier.verify(completion, gold));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Verifiers.class)
  void randomPiecesOfMathematicsNeverThrow(Verifiers entry) {
    Verifier verifier = entry.create();
    SplittableRandom random = new SplittableRandom(20_260_210);
    for (int round = 0; round < FUZZED; round++) {
      check(verifier, pieces(random), pieces(random));
    }
  }

  private static String pieces(SplittableRandom random) {
    StringBuilder text = new StringBuilder(random.nextBoolean() ? "\\boxed{" : "");
    int count = random.nextInt(1, 40);
    for (int piece = 0; piece < count; piece++) {
      text.append(PIECES[random.nextInt(PIECES.length)]);
    }
    return random.nextBoolean() ? text.append('}').toString() : text.toString();
  }

  private static Verdict check(Verifier verifier, String completion, String gold) {
    Verdict verdict = verifier.verify(completion, gold);
    assertThat(verdict.reward().orElse(0.0)).isBetween(0.0, 1.0);
    return verdict;
  }
}
