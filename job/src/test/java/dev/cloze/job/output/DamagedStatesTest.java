package dev.cloze.job.output;

import static org.apache.spark.sql.functions.expr;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloze.failure.ClozeException;
import dev.cloze.job.testing.Corpora;
import dev.cloze.job.testing.Runner;
import dev.cloze.job.testing.Runner.Result;
import dev.cloze.rows.CorpusStates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** States of an earlier run whose bytes were damaged: they are refused with a reason, or add up as before. */
class DamagedStatesTest {
    private static final long SEED = 41;
    private static final int MUTATIONS = 150;

    @TempDir
    Path directory;

    private Path earlier;

    @BeforeEach
    void score() throws IOException {
        earlier = directory.resolve("earlier");
        Path corpus = new Corpora(directory)
                .numbered(
                        "corpus.jsonl",
                        0,
                        20,
                        i -> "{\"text\": \"paris is " + "the capital ".repeat(1 + i % 5) + "\", \"half\": \"" + i % 2
                                + "\"}");
        assertThat(Runner.perplexity("--input", corpus.toString(), "--group-by", "half", "--output", earlier.toString())
                        .code())
                .isZero();
    }

    @Test
    void anyDamageIsRefusedWithTheDirectoryOrChangesNothing() throws IOException {
        List<String> undamaged = read();
        Path states = states();
        byte[] bytes = Files.readAllBytes(states);
        Random random = new Random(SEED);
        int refused = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            write(states, damaged(bytes, random));
            try {
                assertThat(read()).as("mutation %d", i).isEqualTo(undamaged);
            } catch (ClozeException e) {
                assertThat(e).hasMessageStartingWith("Cannot merge " + earlier + ": ");
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(MUTATIONS / 2);
        write(states, Arrays.copyOf(bytes, bytes.length / 2));
        assertRefused(Runner.perplexity("--text", "paris", "--merge", earlier.toString()));
    }

    /** All states, as text: arrays of bytes are not equal to others. */
    private List<String> read() {
        return RunFigures.states(Runner.spark(), earlier.toString()).stream()
                .map(row -> row.toString().replaceAll("\\[B@\\w+", "")
                        + CorpusStates.state(row).crossEntropyAt(0.5))
                .toList();
    }

    /** A bit, eight bytes, or the end of the file. */
    private static byte[] damaged(byte[] bytes, Random random) {
        byte[] damaged = bytes.clone();
        int at = random.nextInt(bytes.length);
        switch (random.nextInt(3)) {
            case 0 -> damaged[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> Arrays.fill(damaged, at, Math.min(bytes.length, at + 8), (byte) random.nextInt());
            default -> damaged = Arrays.copyOf(bytes, at);
        }
        return damaged;
    }

    @Test
    void columnsThatAreNotThoseOfStatesAreNamed() throws IOException {
        for (String damage : List.of(
                "nll: double('NaN')",
                "cross_entropies: cast(null as binary)",
                "cross_entropies: 'text'",
                "run: cast(null as string)",
                "model: 7",
                "group: 'web'")) {
            String column = damage.substring(0, damage.indexOf(':'));
            Path place = directory.resolve("of " + column + damage.length());
            Files.createDirectories(place);
            Files.createFile(place.resolve("_SUCCESS"));
            Runner.spark()
                    .read()
                    .parquet(states().toString())
                    .withColumn(column, expr(damage.substring(damage.indexOf(':') + 1)))
                    .coalesce(1)
                    .write()
                    .parquet(place.resolve("_states").toString());

            assertThatThrownBy(() -> RunFigures.states(Runner.spark(), place.toString()))
                    .as(damage)
                    .isInstanceOf(ClozeException.class)
                    .hasMessageStartingWith("Cannot merge " + place + ": ")
                    .hasMessageContaining(column);
        }
    }

    private void assertRefused(Result result) {
        assertThat(result.code()).as(result.err()).isEqualTo(4);
        assertThat(result.err()
                        .lines()
                        .filter(line -> line.startsWith("cloze: "))
                        .toList())
                .as(result.err())
                .singleElement()
                .asString()
                .startsWith("cloze: Cannot merge " + earlier + ": ");
        assertThat(result.err()).doesNotContain("\tat ");
    }

    /** The file of the states, whose name is read from the directory. */
    private Path states() throws IOException {
        return part(earlier.resolve("_states"));
    }

    private static Path part(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> parts = files.filter(
                            file -> file.getFileName().toString().startsWith("part-"))
                    .sorted(Comparator.naturalOrder())
                    .toList();
            assertThat(parts).hasSize(1);
            return parts.get(0);
        }
    }

    /** As a disk damages a file that has no checksum beside it. */
    private static void write(Path file, byte[] bytes) throws IOException {
        Files.deleteIfExists(file.resolveSibling("." + file.getFileName() + ".crc"));
        Files.write(file, bytes);
    }
}
