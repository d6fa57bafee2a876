package dev.cloze.job;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.cloze.BooleanParameters;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The tree is the pipeline: a package uses only packages to its left. */
class ArchitectureTest {
    private static final List<String> STAGES = List.of(
            "files",
            "records",
            "input",
            "plan",
            "output",
            "chunks",
            "terminal",
            "summary",
            "run",
            "doctor",
            "report",
            "adapt",
            "audit",
            "nights",
            "config",
            "command");

    private static final JavaClasses JOB = new ClassFileImporter()
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
                .check(JOB);
    }

    @Test
    void onlyTheConfigurationKnowsItsLibrary() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.cloze.job.config")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.typesafe..")
                .check(JOB);
    }

    @Test
    void theEngineDoesNotKnowTheJob() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.cloze.job..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.cloze.job..")
                .check(JOB);
    }

    @Test
    void aStageUsesOnlyTheStagesBeforeIt() {
        for (int i = 0; i < STAGES.size(); i++) {
            List<String> later = STAGES.subList(i + 1, STAGES.size());
            noClasses()
                    .that()
                    .resideInAPackage("dev.cloze.job." + STAGES.get(i))
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(later.stream()
                            .map(stage -> "dev.cloze.job." + stage)
                            .toArray(String[]::new))
                    .check(JOB);
        }
    }

    @Test
    void everyPackageIsAStage() {
        classes()
                .that()
                .resideInAPackage("dev.cloze.job.*")
                .should()
                .resideInAnyPackage(
                        STAGES.stream().map(stage -> "dev.cloze.job." + stage).toArray(String[]::new))
                .check(JOB);
    }

    @Test
    void aDurableRunKnowsNoTerminalAndNoSummary() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.cloze.job.plan", "dev.cloze.job.output", "dev.cloze.job.chunks")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.cloze.job.terminal", "dev.cloze.job.summary", "dev.cloze.job.run")
                .check(JOB);
    }

    @Test
    void noMethodForOthersHasABooleanParameter() {
        BooleanParameters.refusedIn("dev.cloze.job..").check(JOB);
    }
}
