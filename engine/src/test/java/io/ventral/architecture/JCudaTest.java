package io.ventral.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each part of JCuda is called by one class alone, which checks every call. */
class JCudaTest {
  private static final JavaClasses ENGINE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.ventral");

  @ParameterizedTest
  @CsvSource({
    "jcuda.driver, Driver",
    "jcuda.jcublas, Blas",
    "jcuda.jcudnn, Dnn",
    "jcuda.jcurand, Rand"
  })
  void onePartOneClass(String part, String caller) {
    String name = "io\\.ventral\\.backend\\.cuda\\." + caller + "(\\$.*)?";
    noClasses()
        .that()
        .haveNameNotMatching(name)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(part)
        .check(ENGINE);
  }
}
