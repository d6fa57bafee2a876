package dev.cloze.job.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cloze.job.testing.BinCloze;
import dev.cloze.job.testing.Candidates;
import dev.cloze.job.testing.Corpora;
import dev.cloze.job.testing.Runner;
import dev.cloze.job.testing.Runner.Result;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code cloze augment} on executors in JVMs of their own, from the built jar. */
class AugmentClusterIT {
    private static final List<String> SPARK = List.of(
            "--master", BinCloze.CLUSTER, "--conf", "spark.serializer=org.apache.spark.serializer.KryoSerializer");

    private static final List<String> LOCAL = List.of("--master", "local[2]");
    private static final int TEXTS = 36;

    @TempDir
    Path directory;

    private Path input;

    @BeforeEach
    void writeCorpus() throws IOException {
        input = new Corpora(directory).lines("texts.txt", Candidates.texts(TEXTS));
    }

    @Test
    void candidatesAreTheSameAsInOnePartitionHere() throws Exception {
        List<String> args = new ArrayList<>(List.of("--input", input.toString(), "--json", "--partitions", "1"));
        Collections.addAll(
                args, "--variants=2", "--mode=sequential", "--pieces=1..3", "--score-candidates", "--top-p=0.9");
        Map<String, JsonNode> here = Candidates.of(here(args));

        args.set(args.indexOf("1"), "11");
        Map<String, JsonNode> there = Candidates.of(run(SPARK, args));

        assertThat(here).hasSizeGreaterThan(TEXTS * 3 / 2);
        Candidates.assertSame(there, here);
    }

    @Test
    void executorsObeyACheckOfAJarAndARunGoesOnWithTheSameCheckOnly() throws Exception {
        List<String> args = List.of("--input", input.toString(), "--partitions", "6", "--json");
        List<String> unwanted = mostFrequent(2, Candidates.of(here(args)));
        List<String> checked = new ArrayList<>(args);
        Collections.addAll(
                checked,
                "--check",
                "without",
                "--output",
                directory.resolve("out").toString());
        ExecutorLogs before = ExecutorLogs.now();

        Result first = run(SPARK, CheckJar.write(directory, unwanted), checked);
        List<String> logs = ExecutorLogs.since(before);
        Result builtAgain = run(LOCAL, CheckJar.write(directory, unwanted), checked);
        Result changed = run(LOCAL, CheckJar.write(directory, List.of("paris")), checked);

        assertThat(replacements(Candidates.of(first))).hasSizeGreaterThan(10).noneMatch(unwanted::contains);
        assertThat(logs).hasSize(2).anyMatch(log -> log.contains("check without " + unwanted + " on Executor task"));
        assertThat(builtAgain.err()).contains("nothing is left to score");
        assertThat(changed.code()).isEqualTo(2);
        assertThat(changed.err()).containsPattern("--check without \\(version\\) was \\w{64}, it is \\w{64}");
    }

    private static Result here(List<String> args) {
        return Runner.command("augment", Runner.tiny(), Candidates.ofAnyWord(args.toArray(String[]::new)));
    }

    private Result run(List<String> spark, Path jar, List<String> args) throws Exception {
        List<String> options = Stream.concat(spark.stream(), Stream.of("--jars", jar.toString()))
                .toList();
        return run(options, args);
    }

    private Result run(List<String> spark, List<String> args) throws Exception {
        List<String> all = List.of(Candidates.ofAnyWord(args.toArray(String[]::new)));
        return new BinCloze(directory).run(spark, "augment", all);
    }

    private static List<String> replacements(Map<String, JsonNode> rows) {
        return rows.values().stream()
                .flatMap(row -> row.path("edits").findValuesAsText("replacement").stream())
                .toList();
    }

    private static List<String> mostFrequent(int count, Map<String, JsonNode> rows) {
        Map<String, Long> words =
                replacements(rows).stream().collect(Collectors.groupingBy(word -> word, Collectors.counting()));
        return words.keySet().stream()
                .sorted(Comparator.comparing(words::get).reversed())
                .limit(count)
                .toList();
    }
}
