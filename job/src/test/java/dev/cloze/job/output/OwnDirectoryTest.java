package dev.cloze.job.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloze.failure.ClozeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What may be removed, looked at without a run; {@link OverwriteTest} has the command that removes it. */
class OwnDirectoryTest {
    private static final String CHUNK = "chunk-0123456789abcdef0123.zstd.parquet";
    private static final String PART = "part-00000-0a1b2c3d-0000-0000-0000-000000000000.pq";
    private static final String MANIFEST =
            "{\"run\": \"a run\", \"fingerprint\": \"0a\", \"versions\": {\"cloze\": \"1\"}}";

    @TempDir
    Path directory;

    private LocalDirectory output;

    @BeforeEach
    void begin() {
        output = new LocalDirectory(directory.resolve("out"));
    }

    @Test
    void whereNothingIsThereIsRoom() throws IOException {
        assertThat(output.own().isReplaceable()).isTrue();
        Files.createDirectory(output.path());
        assertThat(output.own().isReplaceable()).isTrue();

        output.own().remove();
        assertThat(output.path()).doesNotExist();
        output.own().remove();
    }

    @Test
    void aFileIsNoDirectoryOfResults() throws IOException {
        Files.writeString(output.path(), "important");

        assertRefused("it is a file");
        assertThat(output.path()).hasContent("important");
    }

    @Test
    void aLinkIsNotFollowed() throws IOException {
        new LocalDirectory(directory.resolve("elsewhere")).history().begin("embed", Instant.EPOCH);
        Files.createSymbolicLink(output.path(), directory.resolve("elsewhere"));

        assertRefused("it is a link");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"run\": \"a run\", \"fingerprint\": \"0a\"}",
                "{\"run\": 1, \"fingerprint\": \"0a\", \"versions\": {\"cloze\": \"1\"}}",
                "{\"fingerprint\": \"0a\", \"versions\": {\"cloze\": \"1\"}}",
                "{\"run\": \"a marathon\", \"identity\": {\"command\": \"go\"}}",
                "{\"run\": \"a marathon\", \"identity\": {\"the version of cloze\": \"1\"}}",
                "{\"run\": ",
                "",
                "[]"
            })
    void aFileOfAnotherProgramWithTheNameOfOursProvesNothing(String content) throws IOException {
        for (String name : List.of("_manifest.json", "_plan.json")) {
            output.write(name, content);
            output.touch("_SUCCESS", CHUNK);

            assertRefused("it is not recognizable as results of cloze, there is no readable _plan.json or"
                    + " _manifest.json of cloze in it");
            Files.delete(output.path().resolve(name));
        }
    }

    @Test
    void aPlanOrAManifestOrAnAttemptProvesThatItIsOurs() throws IOException {
        output.write("_plan.json", LocalDirectory.planJson("/c/a.txt", 1));
        assertThat(output.own().isReplaceable()).isTrue();
        Files.move(output.path().resolve("_plan.json"), output.path().resolve("_plan.json.next.a-run"));
        assertThat(output.own().isReplaceable()).isTrue();
        Files.delete(output.path().resolve("_plan.json.next.a-run"));

        output.write("_manifest.json", MANIFEST);
        assertThat(output.own().isReplaceable()).isTrue();
        Files.delete(output.path().resolve("_manifest.json"));

        output.touch(CHUNK);
        assertThat(output.own().isReplaceable()).isFalse();
        output.history().begin("embed", Instant.EPOCH);
        assertThat(output.own().isReplaceable()).isTrue();
    }

    @Test
    void aDriverThatWasKilledAtItsFirstFileLeavesADirectoryOfOurs() throws IOException {
        output.touch(".cloze/attempt-20260101T000000.000-0a1b2c3d");
        assertThat(output.own().isReplaceable()).isTrue();

        output.write(".cloze/attempt-20260101T000000.000-0a1b2c3d", "not ours");
        assertThat(output.own().isReplaceable()).isFalse();
    }

    @Test
    void anEmptyFileBesideOthersProvesNothing() throws IOException {
        // Which of the two is listed first depends on their names.
        for (int i = 0; i < 10; i++) {
            output = new LocalDirectory(directory.resolve("out" + i));
            output.touch(
                    ".cloze/attempt-20260101T000000.000-0a1b2c3d",
                    "chunk-000000000000000000" + (80 + i) + ".zstd.parquet");

            assertThat(output.own().isReplaceable()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "notes.txt",
                "_notes",
                ".git/HEAD",
                "_failed/notes.txt",
                "_input/_temporary/notes.txt",
                "_unfinished/notes.txt",
                ".cloze/notes.txt",
                "_states/" + CHUNK,
                PART
            })
    void whatNoRunPutThereIsNamedAndKept(String name) throws IOException {
        output.write("_plan.json", LocalDirectory.planJson("/c/a.txt", 1));
        output.touch("_SUCCESS", CHUNK, "_failed/_SUCCESS");
        output.write(name, "important");
        List<String> before = output.content();

        assertRefused("there is something in it that is no part of results of cloze: "
                + (name.startsWith(".git") ? ".git" : name));
        assertThat(output.content()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"notes.txt", "chunk-notes", "sub/" + PART, ".cloze/notes.txt", CHUNK + ".bak"})
    void noRunPutsSuchFilesIntoATable(String name) throws IOException {
        output.write("_manifest.json", MANIFEST);
        output.touch("_SUCCESS", PART);
        assertThat(output.own().isReplaceable()).isTrue();
        output.write(name, "important");

        assertRefused("there is something in it that is no part of results of cloze: "
                + (name.startsWith("sub") ? "sub" : name));
    }

    @Test
    void aLinkAmongResultsIsNoneOfOurs() throws IOException {
        Files.createDirectory(directory.resolve("elsewhere"));
        for (String name : List.of("_failed", CHUNK, "_states/" + PART)) {
            output.write("_plan.json", LocalDirectory.planJson("/c/a.txt", 1));
            Path link = output.path().resolve(name);
            Files.createDirectories(link.getParent());
            Files.createSymbolicLink(link, directory.resolve("elsewhere"));

            assertRefused("there is something in it that is no part of results of cloze: " + name);
            Files.delete(link);
        }
    }

    @Test
    void allThatRunsPutThereIsRemoved() throws IOException {
        output.history().begin("perplexity", Instant.EPOCH);
        output.write("_plan.json", LocalDirectory.planJson("/c/a.txt", 1));
        output.write("_manifest.json", MANIFEST);
        output.touch("_SUCCESS", "_summary.json", CHUNK, "." + CHUNK + ".crc", "_plan.json.next.a-run");
        output.touch("_states/_SUCCESS", "_states/" + PART, "_failed/" + PART, "_input/" + PART);
        output.touch("_unfinished/" + CHUNK + ".3.14", "_failed/_temporary/0/task_1/" + PART);
        Path neighbour = Files.writeString(directory.resolve("neighbour"), "important");

        output.own().remove();

        assertThat(output.path()).doesNotExist();
        assertThat(neighbour).exists();
    }

    @Test
    void partsOfItAreRemovedByName() throws IOException {
        output.touch("_states/" + PART, "_summary.json", "._summary.json.crc", "_failed/" + PART);

        output.own().remove("_states");
        output.own().remove("_summary.json");
        output.own().remove("_manifest.json");

        assertThat(output.content()).containsExactly("_failed/" + PART);
    }

    @Test
    void aPartWithSomethingElseInItIsNotRemoved() throws IOException {
        output.touch("_states/" + PART, "_states/thesis.tex");

        assertThatThrownBy(() -> output.own().remove("_states"))
                .isInstanceOf(ClozeException.class)
                .hasMessageStartingWith("Cannot remove ")
                .hasMessageContaining("there is something in it that is no part of results of cloze: thesis.tex");
        assertThat(output.content()).contains("_states/thesis.tex");
    }

    @Test
    void whereALinkInThePlaceOfAPartLeadsNothingIsRemoved() throws IOException {
        Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
        Path link = Files.createDirectory(output.path()).resolve("_states");
        Files.createSymbolicLink(link, elsewhere);
        output.own().remove("_states");
        assertThat(output.content()).isEmpty();
        assertThat(elsewhere).exists();

        Files.createSymbolicLink(link, elsewhere);
        Files.writeString(elsewhere.resolve(PART), "important");
        assertThatThrownBy(() -> output.own().remove("_states")).isInstanceOf(IOException.class);
        assertThat(elsewhere.resolve(PART)).hasContent("important");
    }

    @Test
    void whatIsForeignWithinSomePartsIsFoundInThoseOnly() throws IOException {
        output.touch("_states/" + PART, "_failed/thesis.tex", "notes.txt");

        assertThat(output.own().foreignWithin("_states", "_input")).isEmpty();
        assertThat(output.own().foreignWithin("_states", "_failed")).contains("_failed/thesis.tex");
    }

    private void assertRefused(String reason) throws IOException {
        assertThat(output.own().isReplaceable()).isFalse();
        String message = "Cannot replace " + output.path() + ": " + reason
                + "; --overwrite removes nothing but results of cloze: choose another --output, or move away or"
                + " remove yourself what is there";
        assertThatThrownBy(() -> output.own().requireReplaceable())
                .isInstanceOf(ClozeException.class)
                .hasMessage(message);
        assertThatThrownBy(() -> output.own().remove()).hasMessage(message);
    }
}
