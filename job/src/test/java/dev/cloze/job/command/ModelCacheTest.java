package dev.cloze.job.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.bundle.Bundle;
import dev.cloze.bundle.Directories;
import dev.cloze.bundle.Manifest;
import dev.cloze.job.testing.Runner;
import dev.cloze.job.testing.Runner.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code cloze model}: what is Cloze's comes and goes, what is somebody's stays. */
class ModelCacheTest {

    @TempDir
    Path directory;

    @Test
    void theSourceOfAnImportIsNotReplacedByWhatIsMadeOfIt() throws IOException {
        Path source = Exports.bert(directory.resolve("mymodel"));
        Map<String, String> before = content(directory);

        Result result = model("import", source.toString());

        assertThat(result.code()).as(result.err()).isEqualTo(5);
        assertThat(result.err())
                .isEqualTo("cloze: Cannot keep model mymodel in " + directory + ": " + source
                        + " is there and was not made by Cloze alone: it has no readable cloze.json; choose another name"
                        + " with --name or another place with --cache or CLOZE_CACHE, or move it away\n");
        assertThat(content(directory)).containsAllEntriesOf(before);
    }

    @Test
    void aSourceThatIsReachedThroughALinkOrLiesInTheTargetStays() throws IOException {
        Path source = Exports.bert(directory.resolve("documents/inner"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), source);
        Files.createSymbolicLink(directory.resolve("target"), source);
        Map<String, String> before = content(directory);

        for (Path from : List.of(source, link, directory.resolve("documents/../link"))) {
            for (String name : List.of("documents", "link", "target")) {
                Result result = model("import", from.toString(), "--name", name);

                assertThat(result.code()).as(result.err()).isEqualTo(5);
            }
        }
        assertThat(content(directory)).containsAllEntriesOf(before);
    }

    @Test
    void aBundleThatIsItsOwnSourceStaysAndSoDoesADamagedOne() throws IOException {
        Path bundle = imported("m");
        Files.writeString(bundle.resolve("scoring.onnx"), "damaged");
        Map<String, String> before = content(directory);

        Result result = model("import", bundle.toString());

        assertThat(result.code()).isEqualTo(5);
        assertThat(result.err()).contains("or remove that one with `cloze model remove m`");
        assertThat(content(directory)).isEqualTo(before);
    }

    @Test
    void somebodysDirectoryIsNeverReplaced() throws IOException {
        Path source = Exports.bert(directory.resolve("source"));
        Files.writeString(
                Files.createDirectories(directory.resolve("home/Documents/deep"))
                        .resolve("a.txt"),
                "mine");
        Files.createDirectory(directory.resolve("home/Empty"));
        Files.writeString(directory.resolve("home/file"), "mine");
        Map<String, String> before = content(directory.resolve("home"));

        for (String name : List.of("Documents", "Empty", "file")) {
            Result result =
                    Runner.run("model", "import", source.toString(), "--name", name, "--cache", directory + "/home");

            assertThat(result.code()).as(result.err()).isEqualTo(5);
            assertThat(result.err()).contains("was not made by Cloze alone");
        }
        assertThat(content(directory.resolve("home"))).containsAllEntriesOf(before);
        assertThat(directory.resolve("home/Empty")).isEmptyDirectory();
    }

    @Test
    void somebodysDirectoryIsNotReplacedByABuiltInModelEither() throws IOException {
        Path precious = Files.writeString(
                Files.createDirectory(directory.resolve("bert-base-uncased")).resolve("model.bin"), "mine");

        for (String[] arguments : List.of(
                new String[] {"model", "import", "bert-base-uncased", "--cache", directory.toString()},
                new String[] {"fill-mask", "--text", "a [MASK]", "--cache", directory.toString()})) {
            Result result = Runner.run(arguments);

            assertThat(result.code()).as(result.err()).isEqualTo(5);
            assertThat(result.err()).contains("it has no readable cloze.json").doesNotContain("fetching");
        }
        assertThat(precious).hasContent("mine");
    }

    @Test
    void modelsAreListedWithWhatIsWrongWithThem() throws IOException {
        Bundle tiny = Bundle.open(imported("tiny"));
        Files.delete(imported("broken").resolve("config.json"));
        Files.writeString(imported("torn").resolve("cloze.json"), "{\"format\"");
        Files.createDirectory(directory.resolve("foreign"));

        Result result = model("list");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.out().lines().map(line -> line.split(" {2,}")[0]))
                .containsExactly(
                        "name",
                        "-".repeat("bert-base-multilingual-cased".length()),
                        "broken",
                        "tiny",
                        "torn",
                        "bert-base-uncased",
                        "bert-base-cased",
                        "bert-base-multilingual-cased");
        assertThat(result.out())
                .containsPattern(
                        "tiny +masked +bert +\\d+\\.\\d MB +" + tiny.digest().substring(0, 12) + "  /")
                .containsPattern("broken +masked .*damaged: config.json is missing")
                .containsPattern("torn .*damaged: its cloze.json is not one of Cloze or is damaged")
                .containsPattern("bert-base-cased +not here yet: fetched at its first use");
    }

    @Test
    void aModelOfAHubShowsWhereItComesFromAndItsLicence() throws IOException {
        Path place = imported("m");
        Manifest manifest = Bundle.open(place).manifest();
        assertThat(model("show", "m").out()).doesNotContain("source").doesNotContain("licence");
        Bundle.seal(place, manifest.withOrigin(new Manifest.Origin("hf:org/m", "c".repeat(40), "q4", "mit")));

        for (String name : List.of("m", place.toString())) {
            assertThat(model("show", name).out())
                    .containsPattern("source +hf:org/m\n")
                    .containsPattern("revision +c{40}\n")
                    .containsPattern("variant +q4\n")
                    .containsPattern("licence +mit\n");
        }
        Bundle.seal(place, manifest.withOrigin(new Manifest.Origin("hf:org/m", "c".repeat(40), null, null)));
        // Without a hub: it is there.
        assertThat(model("show", "hf:org/m").out())
                .containsPattern("licence +not named by its authors")
                .doesNotContain("variant");
    }

    @Test
    void builtInModelsHaveNoVariants() {
        Result result = model("import", "bert-base-cased", "--variant", "fp16");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("built-in models have no variants; leave --variant out");
    }

    @Test
    void aCacheThatIsNotThereHasNoModels() {
        assertThat(Runner.run(
                                "model",
                                "list",
                                "--cache",
                                directory.resolve("none").toString())
                        .out())
                .hasLineCount(5);
        assertThat(directory.resolve("none")).doesNotExist();
    }

    @Test
    void aModelIsRemovedAndCanBeImportedAgain() throws IOException {
        Path bundle = imported("m");

        Result result = model("remove", "m");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.err()).isEqualTo("cloze: removed model m\n");
        assertThat(bundle).doesNotExist();
        assertThat(imported("m")).isEqualTo(bundle).isDirectory();
    }

    @Test
    void onlyModelsAreRemoved() throws IOException {
        imported("model-one");
        Path precious = Files.writeString(
                Files.createDirectory(directory.resolve("mine")).resolve("a.txt"), "mine");

        assertThat(model("remove", "model-on").err()).contains("; did you mean model-one?");
        for (String name :
                List.of("mine", "..", ".", "mine/../model-one", directory + "/model-one", ".cloze-cache", "")) {
            Result result = model("remove", name);

            assertThat(result.code()).as(result.err()).isIn(2, 5);
        }
        assertThat(precious).hasContent("mine");
        assertThat(model("show", "model-one").code()).isZero();
    }

    @Test
    void whichModelsWereTriedIsNoModelAndInNobodysWay() throws IOException {
        imported("m");
        imported("tried-by-me");
        Path tried = directory.resolve(".cloze-cache/tried-by-" + System.getProperty("user.name"));

        assertThat(tried.toFile().list()).hasSize(2);
        assertThat(model("list").out().lines().map(line -> line.split(" {2,}")[0]))
                .filteredOn(name -> name.contains("tried") || name.contains("cloze"))
                .containsExactly("tried-by-me");
        for (String name : List.of(".cloze-cache", ".cloze-cache/tried-by-me", "../.cloze-cache")) {
            assertThat(model("import", directory.toString(), "--name", name).code())
                    .isEqualTo(2);
        }
        assertThat(model("remove", "tried-by-me").code()).isZero();
        assertThat(tried.toFile().list()).hasSize(2);
    }

    @Test
    void namesOfBuiltInModelsCannotBeTaken() {
        String tiny = Runner.tiny().directory().toString();

        assertThat(Runner.run("model", "import", tiny, "--name", "bert-base-cased", "--cache", directory.toString())
                        .err())
                .contains("not those of built-in models");
        assertThat(Runner.run("model", "import", "bert-base-cased", "--name", "x", "--cache", directory.toString())
                        .err())
                .contains("built-in models keep their names");
    }

    @Test
    void aModelThatNobodyKnowsBringsTheNearest() {
        Result result =
                Runner.run("fill-mask", "--model", "bert-base-uncase", "--text", "a", "--cache", directory.toString());

        assertThat(result.code()).isEqualTo(5);
        assertThat(result.err())
                .contains(
                        "Cannot open model bert-base-uncase: there is no such directory, and no model of that name in "
                                + directory + "; did you mean bert-base-uncased? Otherwise export it to ONNX (");
    }

    private Path imported(String name) throws IOException {
        Path source = directory.resolve("source-of-" + name);
        Directories.delete(source);
        Result result = model("import", Exports.bert(source).toString(), "--name", name);
        assertThat(result.code()).as(result.err()).isZero();
        Directories.delete(source);
        return Path.of(result.out().strip());
    }

    private Result model(String command, String... arguments) {
        return Runner.run(Stream.concat(
                        Stream.of("model", command),
                        Stream.concat(Stream.of(arguments), Stream.of("--cache", directory.toString())))
                .toArray(String[]::new));
    }

    /** Every file below {@code root} with what is in it, links as links, but for Cloze's own corner. */
    private static Map<String, String> content(Path root) throws IOException {
        Map<String, String> content = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(root)) {
            for (Path path : (Iterable<Path>) paths::iterator) {
                String name = root.relativize(path).toString();
                if (Files.isSymbolicLink(path)) {
                    content.put(name, "-> " + Files.readSymbolicLink(path));
                } else if (Files.isRegularFile(path) && !name.contains(".cloze-cache")) {
                    content.put(
                            name, new String(Files.readAllBytes(path), java.nio.charset.StandardCharsets.ISO_8859_1));
                }
            }
        }
        return content;
    }
}
