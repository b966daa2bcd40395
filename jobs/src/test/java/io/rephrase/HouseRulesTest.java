package io.rephrase;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;

/** Which room of the plant may see which. */
class HouseRulesTest {

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.rephrase.jobs", "io.rephrase.cli", "io.rephrase.progress");

  @Test
  void onlyTheTableRoomTouchesDelta() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage("io.rephrase.jobs.table..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.delta..")
            .because("exactly-once is proved in one place"));
  }

  @Test
  void noJobSeesTheCommandLine() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage("io.rephrase.cli..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.rephrase.cli..")
            .because("every job is also started by spark-submit"));
  }

  @Test
  void jobsLeaveDjlsPytorchEngineToTheMethod() {
    check(
        noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAPackage("ai.djl.pytorch..")
            .because("its pitfalls are known in io.rephrase.torch"));
  }

  @Test
  void roomsHaveNoCycles() {
    slices()
        .matching("io.rephrase.jobs.(*)..")
        .should()
        .beFreeOfCycles()
        .allowEmptyShould(true)
        .check(CLASSES);
    slices()
        .matching("io.rephrase.(*)..")
        .should()
        .beFreeOfCycles()
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  private static void check(ArchRule rule) {
    rule.allowEmptyShould(true).check(CLASSES);
  }
}
