package io.ventral.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The order of the engine's packages: each may use only those above it in {@link #FLOORS}.
 *
 * <p>A new package, also one inside a listed package, is entered here at its place.
 */
class FloorsTest {
  private static final String ROOT = "io.ventral.";

  private static final List<String> FLOORS =
      List.of(
          "error",
          "tensor",
          "op",
          "graph",
          "autodiff",
          "network",
          "place",
          "rewrite",
          "plan",
          "backend",
          "backend.reference",
          "backend.onednn.library",
          "backend.onednn.loop",
          "backend.onednn.update",
          "backend.onednn.primitive",
          "backend.onednn.winograd",
          "backend.onednn",
          "backend.cuda",
          "run",
          "check",
          "io",
          "data",
          "train");

  @Test
  void packagesUseOnlyThoseAboveThem() {
    var engine =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);
    classes().should(USE_ONLY_FLOORS_ABOVE).allowEmptyShould(true).check(engine);
  }

  private static final ArchCondition<JavaClass> USE_ONLY_FLOORS_ABOVE =
      new ArchCondition<>("use only packages above their own") {
        @Override
        public void check(JavaClass user, ConditionEvents events) {
          if (floor(user) < 0) {
            var message = user.getName() + ": its package is not listed in FloorsTest.FLOORS";
            events.add(SimpleConditionEvent.violated(user, message));
            return;
          }
          for (var use : user.getDirectDependenciesFromSelf()) {
            if (isInEngine(use.getTargetClass()) && floor(use.getTargetClass()) > floor(user)) {
              events.add(SimpleConditionEvent.violated(use, use.getDescription()));
            }
          }
        }
      };

  private static boolean isInEngine(JavaClass type) {
    return type.getPackageName().startsWith(ROOT);
  }

  private static int floor(JavaClass type) {
    return isInEngine(type) ? FLOORS.indexOf(type.getPackageName().substring(ROOT.length())) : -1;
  }
}
