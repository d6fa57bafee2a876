package dev.cloze.job.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A name that is taken for ours by mistake is one that {@code --overwrite} removes. */
class ResultNamesTest {
    private static final String CHUNK = "chunk-0123456789abcdef0123.zstd.parquet";
    private static final String PART = "part-00000-0a1b2c3d-0000-0000-0000-000000000000-c000.zstd.orc";

    @ParameterizedTest
    @ValueSource(
            strings = {
                CHUNK,
                "." + CHUNK + ".crc",
                "_SUCCESS",
                "._SUCCESS.crc",
                "_manifest.json",
                "_summary.json",
                "_plan.json",
                "_plan.json.next.a-run",
                "._plan.json.next.a-run.crc"
            })
    void filesOfARunAreOurs(String name) {
        assertThat(ResultNames.ofChunks().matches(file(name))).isTrue();
        assertThat(ResultNames.ofChunks().matches(directory(name))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "notes.txt",
                "chunk-notes",
                "chunk-0123456789abcdef012.zstd.parquet",
                "chunk-0123456789abcdef01234.zstd.parquet",
                "chunk-0123456789ABCDEF0123.zstd.parquet",
                "chunk-0123456789abcdef0123.parquet",
                "a" + CHUNK,
                CHUNK + ".bak",
                "." + CHUNK,
                CHUNK + ".crc",
                PART,
                "_SUCCESS.txt",
                "_notes",
                "_manifest_json",
                "_plan.json.old",
                "_failed",
                "_input",
                ""
            })
    void otherFilesAreSomebodyElses(String name) {
        assertThat(ResultNames.ofChunks().matches(file(name))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"_input", "_unfinished", "_states", "_failed", ".cloze", "_temporary"})
    void directoriesOfARunAreOurs(String name) {
        assertThat(ResultNames.ofChunks().matches(directory(name))).isTrue();
        assertThat(ResultNames.ofChunks().matches(directory(name + "s"))).isFalse();
        assertThat(ResultNames.ofChunks().matches(file(name))).isFalse();
    }

    @Test
    void aTableHasPartsAndNoChunks() {
        ResultNames table = ResultNames.of(content("_SUCCESS", PART, "_manifest.json"));

        assertThat(table.matches(file(PART))).isTrue();
        assertThat(table.matches(file("." + PART + ".crc"))).isTrue();
        assertThat(table.matches(file("part-0-0a1b2c3d-0000-0000-0000-000000000000.orc")))
                .isFalse();
        assertThat(table.matches(file("part-00000.orc"))).isFalse();
        assertThat(table.matches(file(CHUNK))).isFalse();
        assertThat(table.matches(file("_plan.json"))).isFalse();
    }

    @Test
    void aDirectoryWithAPlanOrAChunkIsNoTable() {
        for (String name : List.of(CHUNK, "_plan.json", "_summary.json")) {
            ResultNames names = ResultNames.of(content("_SUCCESS", "_manifest.json", name));

            assertThat(names.matches(file(CHUNK))).as(name).isTrue();
            assertThat(names.matches(file(PART))).as(name).isFalse();
        }
    }

    @Test
    void whatStandsInDirectoriesOfARunIsOursToo() {
        for (String name : List.of("_SUCCESS", PART, CHUNK + ".0.17", "attempt-20260101T000000.000-0a1b2c3d")) {
            assertThat(ResultNames.WITHIN.matches(file(name))).as(name).isTrue();
        }
        for (String name : List.of(CHUNK, "thesis.tex", "_plan.json", "attempt")) {
            assertThat(ResultNames.WITHIN.matches(file(name))).as(name).isFalse();
        }
        for (String name : List.of("_temporary", "0", "17", "task_20260101", "attempt_20260101")) {
            assertThat(ResultNames.WITHIN.matches(directory(name))).as(name).isTrue();
        }
        for (String name : List.of("_input", "a", "1a", "task")) {
            assertThat(ResultNames.WITHIN.matches(directory(name))).as(name).isFalse();
        }
    }

    /** After any number of steps it is known that not all is there, and whose it is. */
    @Test
    void aDirectoryIsRemovedBeginningWithTheMarkOfSuccess() {
        List<String> names = List.of(
                ".cloze", "_plan.json", "_input", CHUNK, "_states", "_summary.json", "_manifest.json", "_SUCCESS");

        assertThat(names.stream().map(ResultNames::order)).containsExactly(4, 3, 2, 2, 2, 1, 1, 0);
        assertThat(names.stream().sorted(Comparator.comparing(ResultNames::order)))
                .startsWith("_SUCCESS")
                .endsWith("_plan.json", ".cloze");
        assertThat(ResultNames.order("_plan.json.next.a-run")).isEqualTo(3);
        assertThat(ResultNames.order(".clozed")).isEqualTo(2);
    }

    @Test
    void plansAndManifestsTellWhatWasRun() {
        assertThat(Stream.of("_plan.json", "_plan.json.next.a-run", "_manifest.json"))
                .allMatch(ResultNames::isRecord);
        assertThat(Stream.of("_summary.json", "_plan.jsonl", "plan.json", "x_manifest.json"))
                .noneMatch(ResultNames::isRecord);
        assertThat(ResultNames.isChunk(CHUNK)).isTrue();
        assertThat(ResultNames.isChunk(PART)).isFalse();
    }

    private static FileStatus file(String name) {
        return new FileStatus(1, false, 1, 1, 0, new Path("/out/" + name));
    }

    private static FileStatus directory(String name) {
        return new FileStatus(0, true, 1, 1, 0, new Path("/out", name));
    }

    private static FileStatus[] content(String... names) {
        return Stream.of(names).map(ResultNamesTest::file).toArray(FileStatus[]::new);
    }
}
