package dev.cloze;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The tree is the pipeline: a package uses only packages to its left. */
class ArchitectureTest {
    private static final List<String> STAGES = List.of(
            "failure",
            "settings",
            "text",
            "mask",
            "batch",
            "bundle",
            "onnx",
            "model",
            "scoring",
            "augment",
            "stats",
            "marks",
            "stats.night",
            "stats.judge",
            "stats.exemplar",
            "stats.simulation",
            "rows",
            "delivery",
            "executor",
            "importing.source",
            "importing.layout",
            "importing.weights",
            "importing.graph",
            "importing.tokenizer",
            "importing.family",
            "importing",
            "adapt.gradient",
            "adapt",
            "sharing",
            "hub",
            "catalog",
            "spark.call",
            "spark.catalyst",
            "spark");

    private static final JavaClasses ENGINE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.cloze");

    @Test
    void aStageUsesOnlyTheStagesBeforeIt() {
        for (int i = 0; i < STAGES.size(); i++) {
            List<String> later = STAGES.subList(i + 1, STAGES.size());
            noClasses()
                    .that()
                    .resideInAPackage("dev.cloze." + STAGES.get(i))
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            later.stream().map(stage -> "dev.cloze." + stage).toArray(String[]::new))
                    .check(ENGINE);
        }
    }

    @Test
    void everyPackageIsAStage() {
        classes()
                .should()
                .resideInAnyPackage(
                        STAGES.stream().map(stage -> "dev.cloze." + stage).toArray(String[]::new))
                .check(ENGINE);
    }

    @Test
    void makingABundleKnowsNothingOfScoring() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.cloze.importing..", "dev.cloze.hub", "dev.cloze.catalog")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.cloze.scoring",
                        "dev.cloze.augment",
                        "dev.cloze.stats",
                        "dev.cloze.rows",
                        "dev.cloze.executor")
                .check(ENGINE);
    }

    @Test
    void onePackageKnowsOnnxRuntime() {
        onlyKnownBy("ai.onnxruntime..", "dev.cloze.onnx.Onnx(BoundSession|Options|Plugin|Runtime|Session)");
    }

    @Test
    void oneFileKnowsTheTokenizersLibrary() {
        onlyKnownBy("ai.djl..", "dev.cloze.text.SubwordTokenizer");
    }

    @Test
    void oneFileKnowsIvy() {
        onlyKnownBy("org.apache.ivy..", "dev.cloze.delivery.PackageResolver");
    }

    @Test
    void onlyTheStagesOnExecutorsAndTheSqlFunctionsKnowSpark() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "dev.cloze.rows", "dev.cloze.delivery", "dev.cloze.executor", "dev.cloze.spark..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.spark..", "scala..")
                .check(ENGINE);
    }

    @Test
    void onePackageKnowsCatalyst() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.cloze.spark.catalyst")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.apache.spark.sql.catalyst..",
                        "org.apache.spark.sql.classic..",
                        "org.apache.spark.sql.execution..",
                        "org.apache.spark.api.python..")
                .check(ENGINE);
    }

    private void onlyKnownBy(String library, String file) {
        noClasses()
                .that()
                .haveNameNotMatching(file.replace(".", "\\.") + "(\\$.*)?")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .check(ENGINE);
    }

    @Test
    void noMethodForOthersHasABooleanParameter() {
        BooleanParameters.refusedIn("dev.cloze..").check(ENGINE);
    }
}
