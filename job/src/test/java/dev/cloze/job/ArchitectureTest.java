package dev.cloze.job;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private final JavaClasses job = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.cloze");

    @Test
    void onlyCommandsKnowTheCommandLineLibrary() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.cloze.job.command")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("picocli..")
                .check(job);
    }

    @Test
    void onlyTheConfigurationKnowsItsLibrary() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.cloze.job.config")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.typesafe..")
                .check(job);
    }

    @Test
    void theEngineDoesNotKnowTheJob() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.cloze.job..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.cloze.job..")
                .check(job);
    }

    @Test
    void packagesHaveNoCircles() {
        slices().matching("dev.cloze.job.(*)..").should().beFreeOfCycles().check(job);
    }
}
