package io.rephrase;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;

/** Which room may see which. */
class HouseRulesTest {

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.rephrase");

  @Test
  void theMethodSeesNoSparkDeltaOrHadoop() {
    check(
        noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.spark..", "io.delta..", "org.apache.hadoop..")
            .because("common is the method: a change of scale must not touch it"));
  }

  @Test
  void dataImportsNothingOfOurs() {
    check(
        noClasses()
            .that()
            .resideInAPackage("io.rephrase.data..")
            .should()
            .dependOnClassesThat(
                JavaClass.Predicates.resideInAPackage("io.rephrase..")
                    .and(not(JavaClass.Predicates.resideInAPackage("io.rephrase.data.."))))
            .because("records flow through every room"));
  }

  @Test
  void onlyTheTorchRoomTouchesDjlsPytorchEngine() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage("io.rephrase.torch..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("ai.djl.pytorch..")
            .because("its pitfalls are known in one place"));
  }

  @Test
  void rewardsAndGuidanceArePlainJava() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage("io.rephrase.reward..", "io.rephrase.guidance..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                "ai.djl..",
                "io.rephrase.model..",
                "io.rephrase.torch..",
                "io.rephrase.generation..",
                "io.rephrase.training..")
            .because("they are tested in milliseconds"));
  }

  @Test
  void nobodyImportsTheConfiguration() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage("io.rephrase.config..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.rephrase.config..")
            .because("components take their own values, not the whole of a run's"));
  }

  @Test
  void noModelFamilySeesAnother() {
    slices()
        .matching("io.rephrase.model.(llama|qwen2|qwen3)..")
        .should()
        .notDependOnEachOther()
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  @Test
  void roomsHaveNoCycles() {
    slices()
        .matching("io.rephrase.(*)..")
        .should()
        .beFreeOfCycles()
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  @Test
  void nobodyWritesToStandardOutput() {
    check(
        noClasses()
            .should()
            .accessField(System.class, "out")
            .because("results and logs have their own ways"));
  }

  private static void check(ArchRule rule) {
    rule.allowEmptyShould(true).check(CLASSES);
  }
}
