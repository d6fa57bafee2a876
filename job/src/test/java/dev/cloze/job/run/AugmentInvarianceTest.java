package dev.cloze.job.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cloze.job.testing.Candidates;
import dev.cloze.job.testing.Runner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same seed draws the same candidates, another one others. */
class AugmentInvarianceTest {
    private static final int TEXTS = 60;

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "--action=insert",
                "--unit=piece",
                "--mode=sequential",
                "--pieces=1..3",
                "--mode=sequential --pieces=1..3 --top-p=0.9",
                "--action=insert --mode=sequential --pieces=2 --min-similarity=0.5"
            })
    void partitionsAndOrderChangeNoCandidate(String options) throws IOException {
        List<String> texts = Candidates.texts(TEXTS);
        List<String> args = new ArrayList<>(List.of("--variants", "2", "--share", "0.3"));
        options.lines().map(line -> line.split(" ")).forEach(each -> Collections.addAll(args, each));
        Map<String, JsonNode> one = run(texts, args, "--partitions", "1");

        assertThat(one.values())
                .filteredOn(row -> row.path("status").asText().equals("ok"))
                .hasSizeGreaterThan(TEXTS * 3 / 2);
        Candidates.assertSame(run(texts, args, "--partitions", "3", "--batch-tokens", "64"), one);
        Collections.shuffle(texts, new Random(3));
        Candidates.assertSame(run(texts, args, "--partitions", "11"), one);
    }

    @Test
    void anotherSeedDrawsOtherCandidates() throws IOException {
        List<String> texts = Candidates.texts(TEXTS);

        Map<String, JsonNode> one = run(texts, List.of());
        Map<String, JsonNode> other = run(texts, List.of("--seed", "43"));

        assertThat(one.keySet()).isEqualTo(other.keySet());
        assertThat(one.keySet())
                .filteredOn(
                        key -> !one.get(key).path("text").equals(other.get(key).path("text")))
                .hasSizeGreaterThan(TEXTS * 5 / 6);
    }

    private Map<String, JsonNode> run(List<String> texts, List<String> args, String... more) throws IOException {
        Path input = Files.write(Files.createTempFile(directory, "texts", ".txt"), texts);
        List<String> all = new ArrayList<>(List.of("--json", "--input", input.toString()));
        all.addAll(args);
        Collections.addAll(all, more);
        return Candidates.of(
                Runner.command("augment", Runner.tiny(), Candidates.ofAnyWord(all.toArray(String[]::new))));
    }
}
