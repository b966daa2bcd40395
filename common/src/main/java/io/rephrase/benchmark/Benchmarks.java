package io.rephrase.benchmark;

import com.google.gson.JsonObject;
import io.rephrase.InputException;
import io.rephrase.data.Label;
import java.util.List;

/** The catalogue of public benchmarks' file formats. A new one is a row here and its reader. */
public enum Benchmarks implements Label {
  /**
   * Grade school word problems (arXiv 2110.14168): {@code grade_school_math/data/*.jsonl} of
   * github.com/openai/grade-school-math, and Parquet of the same columns (huggingface.co
   * openai/gsm8k). Difficulty is the number of calculator annotations.
   */
  GSM8K("gsm8k", "question, answer (a solution with <<a=b>> marks that ends in #### n)") {
    @Override
    BenchmarkRow row(RawRow row) {
      return MathProblems.gsm8k(row);
    }
  },
  /**
   * 500 problems of MATH: huggingface.co HuggingFaceH4/MATH-500, after github.com/openai/prm800k.
   * Rows of MATH itself (github.com/hendrycks/math: type, {@code Level 3}, no answer) are read as
   * well, as JSON lines or Parquet.
   */
  MATH_500(
      "math-500",
      "problem, solution, answer (or a solution with \\boxed{}), subject or type, level, unique_id") {
    @Override
    BenchmarkRow row(RawRow row) {
      return MathProblems.math500(row);
    }
  },
  /**
   * American Invitational Mathematics Examination 2024 and 2025, in the columns of huggingface.co
   * Maxwell-Jia/AIME_2024 (capitals), HuggingFaceH4/aime_2024, math-ai/aime24 (the answer is the
   * solution's box), math-ai/aime25, opencompass/AIME2025 ({@code question}) and
   * MathArena/aime_2025.
   */
  AIME(
      "aime",
      "problem (or Problem, question), answer (or Answer, or a solution with \\boxed{}), solution, id") {
    @Override
    BenchmarkRow row(RawRow row) {
      return MathProblems.aime(row);
    }
  },
  /**
   * Undergraduate science of the Minerva paper (arXiv 2206.14858): {@code
   * evaluation/data/minerva_math/test.jsonl} of github.com/QwenLM/Qwen2.5-Math, and huggingface.co
   * math-ai/minervamath ({@code question}, {@code answer}).
   */
  MINERVA_MATH(
      "minerva-math",
      "problem (or question), answer (or a solution with \\boxed{}), solution, type, idx") {
    @Override
    BenchmarkRow row(RawRow row) {
      return MathProblems.minerva(row);
    }
  },
  /**
   * Graduate questions (arXiv 2311.12022): {@code gpqa_*.csv} of github.com/idavidrein/gpqa and
   * huggingface.co Idavidrein/gpqa. The right answer stands first there: options are shuffled by
   * seed and record. Difficulty is the writer's estimate, 1 (easy undergraduate) to 4
   * (post-graduate).
   */
  GPQA(
      "gpqa",
      "Question, Correct Answer, Incorrect Answer 1, 2 and 3, Explanation, Subdomain, High-level domain, Writer's Difficulty Estimate, Record ID") {
    @Override
    BenchmarkRow row(RawRow row) {
      return ChoiceProblems.gpqa(row);
    }
  },
  /**
   * arXiv 2502.14739: {@code SuperGPQA-all.jsonl} of huggingface.co m-a-p/SuperGPQA. Difficulty is
   * 1 (easy), 2 (middle) or 3 (hard), the subject its discipline.
   */
  SUPERGPQA(
      "supergpqa",
      "uuid, question, options, answer_letter, discipline, field, subfield, difficulty") {
    @Override
    BenchmarkRow row(RawRow row) {
      return ChoiceProblems.superGpqa(row);
    }
  },
  /**
   * arXiv 2009.03300: {@code data/test/*_test.csv} of github.com/hendrycks/test, which have no
   * header and name the subject in the file's name, and huggingface.co cais/mmlu.
   */
  MMLU(
      "mmlu",
      "question, A, B, C, D, answer (a csv without a header); or question, choices, answer (an index), subject") {
    @Override
    BenchmarkRow row(RawRow row) {
      return ChoiceProblems.mmlu(row);
    }

    @Override
    public List<String> columnsWithoutHeader() {
      return List.of("question", "A", "B", "C", "D", "answer");
    }
  },
  /**
   * AQuA-RAT (arXiv 1705.04146): {@code test.json} (JSON lines) of github.com/google-deepmind/AQuA.
   */
  AQUA("aqua", "question, options such as [\"A)1\", \"B)2\"], rationale, correct") {
    @Override
    BenchmarkRow row(RawRow row) {
      return ChoiceProblems.aqua(row);
    }
  },
  /**
   * arXiv 2109.00122: {@code dataset/*.json} of github.com/czyssrs/FinQA, one JSON array.
   * Difficulty is the number of steps of the program.
   */
  FINQA(
      "finqa",
      "id, pre_text, table, post_text, qa.question, qa.exe_ans (or qa.answer), qa.program") {
    @Override
    BenchmarkRow row(RawRow row) {
      return FinancialReports.finqa(row);
    }
  };

  private final String label;
  private final String columns;

  Benchmarks(String label, String columns) {
    this.label = label;
    this.columns = columns;
  }

  @Override
  public String label() {
    return label;
  }

  /** What a row of this format has, for people. */
  String columns() {
    return columns;
  }

  /** Names for the columns of its CSV files, where these have no header; empty where they have. */
  public List<String> columnsWithoutHeader() {
    return List.of();
  }

  /**
   * What a record of this format says.
   *
   * @param optionSeed of the order of options, where the format names the right one first
   * @throws InputException naming the column that is missing or wrong, and what a row has
   */
  public BenchmarkRow read(JsonObject columns, long optionSeed) {
    return row(new RawRow(this, columns, optionSeed));
  }

  abstract BenchmarkRow row(RawRow row);
}
