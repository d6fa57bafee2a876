package dev.cloze.job.chunks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cloze.bundle.Directories;
import dev.cloze.job.testing.FaultyFileSystem;
import dev.cloze.job.testing.Runner;
import dev.cloze.job.testing.Runner.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that were interrupted can be resumed, and never mix with others. */
class ResumeTest {
    @TempDir
    Path directory;

    private Path corpus;
    private Path output;

    @BeforeEach
    void writeCorpus() throws IOException {
        corpus = Files.createDirectory(directory.resolve("corpus"));
        output = directory.resolve("out");
        for (int file = 0; file < 3; file++) {
            int first = file * 40;
            Files.write(
                    corpus.resolve("part" + file + ".txt"),
                    IntStream.range(first, first + 40)
                            .mapToObj(i -> "number " + i + " is the [MASK] of the list")
                            .toList());
        }
    }

    @Test
    void missingChunksAreScoredAndTheOthersStay() throws IOException {
        run();
        Set<Row> expected = rows();
        Map<String, FileTime> whole = chunks();
        assertThat(whole).hasSizeGreaterThan(20);
        Random random = new Random(3);
        for (int round = 0; round < 2; round++) {
            List<String> lost = new ArrayList<>();
            for (String chunk : whole.keySet()) {
                if (random.nextInt(4) == 0) {
                    Files.delete(output.resolve(chunk));
                    lost.add(chunk);
                }
            }
            Files.delete(output.resolve("_SUCCESS"));
            Map<String, FileTime> left = chunks();

            Result again = run();

            assertThat(again.err()).contains("resuming: " + left.size() + " of " + whole.size() + " chunks are there");
            assertThat(rows()).isEqualTo(expected);
            Map<String, FileTime> now = chunks();
            assertThat(now.keySet()).isEqualTo(whole.keySet());
            assertThat(now).containsAllEntriesOf(left);
            assertThat(output.resolve("_SUCCESS")).exists();
        }
    }

    @Test
    void aRunThatIsCompleteScoresNothing() throws IOException {
        run();
        Map<String, FileTime> before = chunks();

        Result again = run("--batch-tokens", "64", "--show", "1");

        assertThat(again.code()).isZero();
        assertThat(again.err()).contains("chunks are there, nothing is left to score");
        assertThat(chunks()).isEqualTo(before);
    }

    @Test
    void anotherSettingIsRefusedByName() {
        run();

        Result other = run("--top-k", "2");

        assertThat(other.code()).isEqualTo(2);
        assertThat(other.err())
                .contains("Cannot resume " + output
                        + ": --top-k was 3, it is 2; give the same settings, or begin anew with"
                        + " --overwrite, or choose another --output");
    }

    @Test
    void aFileThatChangedIsScoredAnewWhenAskedTo() throws IOException {
        run();
        Map<String, FileTime> before = chunks();
        Files.write(corpus.resolve("part1.txt"), List.of("a [MASK]", "b [MASK]"));
        Files.write(corpus.resolve("part7.txt"), List.of("c [MASK]"));

        Result refused = run();
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err())
                .contains("the corpus changed: ")
                .contains("part1.txt, ")
                .contains("part7.txt; score what changed with --refresh, or begin anew with --overwrite");
        assertThat(chunks()).isEqualTo(before);

        assertThat(run("--refresh").code()).isZero();
        assertThat(rows()).hasSize(83);
        Map<String, FileTime> after = chunks();
        Set<String> kept = new HashSet<>(after.keySet());
        kept.retainAll(before.keySet());
        assertThat(kept).hasSizeGreaterThan(10).allMatch(chunk -> after.get(chunk)
                .equals(before.get(chunk)));
    }

    @Test
    void aFileOfTheSameLengthWithOtherWordsIsScoredAnew() throws IOException {
        run();
        Path file = corpus.resolve("part2.txt");
        FileTime before = Files.getLastModifiedTime(file);
        Files.writeString(file, Files.readString(file).replace("list", "city"));
        Files.setLastModifiedTime(file, FileTime.fromMillis(before.toMillis() + 60_000));

        assertThat(run().code()).isEqualTo(2);
        assertThat(run("--refresh").code()).isZero();

        assertThat(rows()).hasSize(120);
        assertThat(rows().stream().filter(row -> row.toString().contains("the city")))
                .hasSize(40);
    }

    @Test
    void aCopiedCorpusThatChangedIsNotTheOldOne() throws IOException {
        Path other = Files.write(directory.resolve("other.txt"), List.of("paris is new", "the city is big"));
        String[] trainer = {
            "--method",
            "mlm",
            "--hf-compat",
            "line-by-line",
            "--mask-share",
            "1",
            "--output",
            output.toString(),
            "--json"
        };
        assertThat(trainer(corpus, trainer).json()).hasSize(120);

        Result refused = trainer(other, trainer);
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err())
                .contains("the corpus changed: ")
                .contains("part0.txt, ")
                .contains(" and 1 more; ");

        List<String> refresh = new ArrayList<>(List.of(trainer));
        refresh.add("--refresh");
        assertThat(trainer(other, refresh.toArray(String[]::new)).json()).hasSize(2);
    }

    @Test
    void aCopyOfWhichNoPlanWasMadeIsNotTrusted() throws IOException {
        Path one = Files.write(directory.resolve("one.txt"), List.of("paris is old"));
        Path other = Files.write(directory.resolve("other.txt"), List.of("paris is new", "the city is big"));
        String[] trainer = {
            "--method",
            "mlm",
            "--hf-compat",
            "line-by-line",
            "--mask-share",
            "1",
            "--output",
            output.toString(),
            "--json"
        };
        assertThat(trainer(one, trainer).json()).hasSize(1);
        try (Stream<Path> files = Files.list(output)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.delete(file);
            }
        }
        Directories.delete(output.resolve("_states"));
        assertThat(output.resolve("_input/_SUCCESS")).exists();

        assertThat(trainer(other, trainer).json()).hasSize(2);
    }

    private static Result trainer(Path input, String... options) {
        List<String> args = new ArrayList<>(List.of("--input", input.toString()));
        args.addAll(List.of(options));
        return Runner.perplexity(args.toArray(String[]::new));
    }

    @Test
    void aRunThatIsBeingRefreshedIsNotWhole() throws IOException {
        Runner.spark().sparkContext().hadoopConfiguration().set("fs.faulty.impl", FaultyFileSystem.class.getName());
        String[] args = {"--input", corpus.toString(), "--top-k", "1", "--output", "faulty://" + output, "--refresh"};
        assertThat(Runner.fillMask(args).code()).isZero();
        String run = id();
        Files.write(corpus.resolve("part1.txt"), List.of("a [MASK]"));
        try {
            FaultyFileSystem.failWhen(act -> act == FaultyFileSystem.Act.CREATE);
            assertThat(Runner.fillMask(args).code()).isEqualTo(6);
            assertThat(output.resolve("_SUCCESS")).doesNotExist();
        } finally {
            FaultyFileSystem.failWhen(act -> false);
        }

        assertThat(Runner.fillMask(args).code()).isZero();
        assertThat(output.resolve("_SUCCESS")).exists();
        assertThat(rows()).hasSize(81);
        assertThat(id())
                .as("name of the run, by which merged states count it once")
                .isEqualTo(run);
    }

    @Test
    void aPlanIsNotLostWhileItIsReplaced() throws IOException {
        Runner.spark().sparkContext().hadoopConfiguration().set("fs.faulty.impl", FaultyFileSystem.class.getName());
        String[] args = {"--input", corpus.toString(), "--top-k", "1", "--output", "faulty://" + output, "--refresh"};
        assertThat(Runner.fillMask(args).code()).isZero();
        String run = id();
        Map<String, FileTime> before = chunks();
        Files.write(corpus.resolve("part7.txt"), List.of("a [MASK]"));
        try {
            FaultyFileSystem.failWhen(act -> act == FaultyFileSystem.Act.PLACE_PLAN);
            assertThat(Runner.fillMask(args).code()).isEqualTo(6);
            assertThat(Runner.fillMask(args).code()).isEqualTo(6);
        } finally {
            FaultyFileSystem.failWhen(act -> false);
        }
        assertThat(output.resolve("_plan.json")).doesNotExist();
        assertThat(Runner.run("runs", "show", output.toString()).out()).containsPattern("rows +120 of 121");

        assertThat(Runner.fillMask(args).code()).isZero();
        assertThat(chunks()).containsAllEntriesOf(before);
        assertThat(rows()).hasSize(121);
        assertThat(id()).isEqualTo(run);
        assertThat(output.resolve("_plan.json")).exists();
    }

    private String id() throws IOException {
        return new ObjectMapper()
                .readTree(output.resolve("_manifest.json").toFile())
                .path("run")
                .asText();
    }

    @Test
    void overwritingKeepsTheOldResultsUntilTheNewOnesAreWhole() throws IOException {
        run();
        Path broken = directory.resolve("out.overwriting");
        Files.createDirectories(broken);
        Files.writeString(
                broken.resolve("_plan.json"),
                "{\"run\": \"x\", \"identity\": {\"command\": \"fill-mask\", \"the version of cloze\": \"0\"}, \"cutting\": {\"target\": 1, \"together\": 1}, \"sources\": [], \"splits\": []}");

        Result again = run("--overwrite", "--top-k", "1");

        assertThat(again.code()).as(again.err()).isZero();
        assertThat(rows()).hasSize(120);
        assertThat(broken).doesNotExist();
    }

    @Test
    void overwritingGoesOnWhereItWasBrokenOff() throws IOException {
        Runner.spark().sparkContext().hadoopConfiguration().set("fs.faulty.impl", FaultyFileSystem.class.getName());
        String[] args = {
            "--input", corpus.toString(), "--output", "faulty://" + output, "--overwrite", "--partitions", "30"
        };
        for (boolean replaces : List.of(false, true)) {
            assertThat(Files.exists(output)).isEqualTo(replaces);
            AtomicInteger renamed = new AtomicInteger();
            try {
                FaultyFileSystem.failWhen(act -> act == FaultyFileSystem.Act.RENAME && renamed.incrementAndGet() > 10);
                assertThat(Runner.fillMask(args).code()).isEqualTo(6);
            } finally {
                FaultyFileSystem.failWhen(act -> false);
            }

            Result again = Runner.fillMask(args);

            assertThat(again.code()).as(again.err()).isZero();
            // A task that ran when the first run failed may still have ended well.
            assertThat(again.err()).containsPattern("resuming: 1\\d of \\d+ chunks are there");
            assertThat(rows()).hasSize(120);
            assertThat(directory.resolve("out.overwriting")).doesNotExist();
        }
    }

    @Test
    void overwritingTakesTheCorpusAsItIsNow() throws IOException {
        run();
        Path bad = Files.write(directory.resolve("bad.jsonl"), List.of("{\"text\": \"a [MASK]\"}", "{broken"));
        String[] args = {"--input", bad.toString(), "--output", output.toString(), "--overwrite", "--max-bad-rows", "0"
        };
        assertThat(Runner.fillMask(args).code()).isEqualTo(4);
        assertThat(rows()).hasSize(120);
        Files.write(bad, List.of("{\"text\": \"a [MASK]\"}"));

        Result again = Runner.fillMask(args);

        assertThat(again.code()).as(again.err()).isZero();
        assertThat(rows()).hasSize(1);
    }

    @Test
    void aCopyOfTheCorpusWithOtherColumnsIsRefused() throws IOException {
        String[] args = {"--text", "a [MASK]", "--text", "b [MASK]", "--output", output.toString()};
        assertThat(Runner.fillMask(args).code()).isZero();
        Path copy = output.resolve("_input");
        Path other = directory.resolve("other");
        Runner.spark()
                .read()
                .parquet(copy + "/*.pq")
                .withColumnRenamed("cloze_text", "cloze_other")
                .coalesce(1)
                .write()
                .parquet(other.toString());
        try (Stream<Path> parts = Files.list(copy)) {
            for (Path part :
                    parts.filter(file -> file.toString().endsWith(".pq")).toList()) {
                Files.delete(part);
            }
        }
        try (Stream<Path> parts = Files.list(other)) {
            Path part = parts.filter(file -> file.toString().endsWith(".parquet"))
                    .findFirst()
                    .orElseThrow();
            Files.move(part, copy.resolve("part-0.pq"));
        }

        Result again = Runner.fillMask(args);

        assertThat(again.code()).as(again.err()).isEqualTo(2);
        assertThat(again.err())
                .contains("Cannot resume " + output
                        + ": the copy of the corpus in _input has the columns id, cloze_other,"
                        + " cloze_pair, cloze_problem, not id, cloze_text, cloze_pair, cloze_problem");
    }

    @Test
    void aCorpusMayLieOnAnotherFileSystemThanTheOutput() {
        Runner.spark().sparkContext().hadoopConfiguration().set("fs.faulty.impl", FaultyFileSystem.class.getName());

        Result result = Runner.fillMask("--input", "faulty://" + corpus, "--output", output.toString());

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(rows()).hasSize(120);
    }

    @Test
    void aDirectoryThatHoldsNoPlanOfThisVersionIsExplained() throws IOException {
        Files.createDirectory(output);
        for (String plan : List.of("{}", "{\"run\": 1, \"old\": true}", "broken {", "")) {
            Files.writeString(output.resolve("_plan.json"), plan);

            Result shown = Runner.run("runs", "show", output.toString());
            assertThat(shown.code()).isEqualTo(2);
            assertThat(shown.err())
                    .startsWith("cloze: Cannot read the plan " + output
                            + "/_plan.json: it is damaged, or of another version of Cloze: ")
                    .hasLineCount(1);
            Result refused = Runner.fillMask("--input", corpus.toString(), "--output", output.toString());
            assertThat(refused.code()).isEqualTo(2);
            assertThat(refused.err()).contains("; begin anew with --overwrite, or choose another --output");
        }
        Files.createDirectory(directory.resolve("out.overwriting"));
        Files.writeString(directory.resolve("out.overwriting/_plan.json"), "{}");

        Result unknown = run("--overwrite");
        assertThat(unknown.code()).isEqualTo(2);
        assertThat(unknown.err()).contains("Cannot replace " + output + ": it is not recognizable as results of cloze");
        assertThat(Runner.run("runs", "show", "a:b").err())
                .startsWith("cloze: Cannot read a:b: ")
                .hasLineCount(1);
    }

    @Test
    void chunksDoNotDependOnTheNumberOfCores() throws IOException {
        run();
        Set<String> names = chunks().keySet();
        Path other = directory.resolve("other");
        Runner.spark().conf().set("spark.sql.files.maxPartitionBytes", "64");

        Runner.fillMask(
                "--input", corpus.toString(), "--top-k", "3", "--partitions", "30", "--output", other.toString());

        assertThat(chunks(other).keySet()).isEqualTo(names);
    }

    /** Some seeds here; {@code -Dfault.seeds=100} tries more. */
    @Test
    void whereverATaskFailsTheNextRunGoesOn() throws IOException {
        run();
        Set<Row> expected = rows();
        Runner.spark().sparkContext().hadoopConfiguration().set("fs.faulty.impl", FaultyFileSystem.class.getName());
        for (int seed = 0; seed < Integer.getInteger("fault.seeds", 2); seed++) {
            Path place = directory.resolve("faulty" + seed);
            Random random = new Random(seed);
            int runs = 0;
            boolean done = false;
            while (!done) {
                FaultyFileSystem.failWhen(act -> {
                    synchronized (random) {
                        // The footer of a Parquet file is written byte by byte.
                        return random.nextInt(act == FaultyFileSystem.Act.WRITE ? 10_000 : 25) == 0;
                    }
                });
                Set<String> before = Files.isDirectory(place) ? chunks(place).keySet() : Set.of();
                Result result = Runner.fillMask(
                        "--input",
                        corpus.toString(),
                        "--partitions",
                        "30",
                        "--top-k",
                        "3",
                        "--show",
                        "1",
                        "--output",
                        "faulty://" + place);
                assertThat(chunks(place).keySet()).containsAll(before);
                done = result.code() == 0;
                if (!done) {
                    assertThat(result.code()).as(result.err()).isEqualTo(6);
                    assertThat(result.err())
                            .startsWith("cloze: ")
                            .contains(place.toString())
                            .contains("No space left on device")
                            .contains("run the same command again: chunks that are there stay")
                            .doesNotContain("\tat ");
                    assertThat(place.resolve("_SUCCESS")).doesNotExist();
                }
                runs++;
                assertThat(runs).isLessThan(60);
            }
            FaultyFileSystem.failWhen(act -> false);
            List<Row> rows = Runner.spark().read().parquet(place.toString()).collectAsList();
            assertThat(rows).hasSize(120).doesNotHaveDuplicates();
            assertThat(new HashSet<>(rows)).isEqualTo(expected);
            assertThat(place.resolve("_unfinished")).doesNotExist();
        }
    }

    @Test
    void aRunIsShownWithHowFarItCame() throws IOException {
        run();
        Map<String, FileTime> whole = chunks();
        assertThat(Runner.run("runs", "show", output.toString()).out())
                .containsPattern("state +complete")
                .containsPattern("chunks +" + whole.size() + " of " + whole.size())
                .containsPattern("rows +120 of 120")
                .containsPattern("--top-k +3");
        Files.delete(output.resolve("_SUCCESS"));
        Files.delete(output.resolve(whole.keySet().iterator().next()));

        assertThat(Runner.run("runs", "show", output.toString()).out())
                .containsPattern("state +unfinished: run the same command again")
                .containsPattern("chunks +" + (whole.size() - 1) + " of " + whole.size());
        assertThat(Runner.run("runs", "show", corpus.toString()).err())
                .contains("Cannot show run " + corpus + ": there is no _plan.json in it; name the --output of a run");
    }

    @Test
    void tooManyBadRowsFailTheRunAndNothingIsLost() throws IOException {
        Path bad = Files.write(
                directory.resolve("bad.jsonl"),
                List.of("{\"text\": \"a [MASK]\"}", "{broken", "{\"text\": \"b [MASK]\"}"));
        for (String tolerance : List.of("0", "0.3")) {
            Result refused = Runner.fillMask(
                    "--input", bad.toString(), "--output", output.toString(), "--max-bad-rows", tolerance);

            assertThat(refused.code()).isEqualTo(4);
            assertThat(refused.err())
                    .contains("Cannot accept the results: 1 of 3 rows failed, --max-bad-rows allows " + tolerance);
            assertThat(output.resolve("_SUCCESS")).doesNotExist();
        }
        List<Row> failed = Runner.spark()
                .read()
                .parquet(Files.list(output.resolve("_failed"))
                        .filter(file -> file.getFileName().toString().startsWith("part-"))
                        .map(Path::toString)
                        .toArray(String[]::new))
                .collectAsList();
        assertThat(failed).hasSize(1);
        assertThat(failed.get(0).<String>getAs("error"))
                .startsWith("Cannot read this row: it is not a JSON object: {broken");
        for (String tolerance : List.of("0.4", "1")) {
            assertThat(Runner.fillMask(
                                    "--input",
                                    bad.toString(),
                                    "--output",
                                    output.toString(),
                                    "--max-bad-rows",
                                    tolerance)
                            .code())
                    .isZero();
        }
        assertThat(Runner.fillMask("--text", "a [MASK]", "--max-bad-rows", "1.5")
                        .err())
                .contains("expected a number of rows, or a share such as 0.01, but was '1.5'");
    }

    private Result run(String... more) {
        List<String> args = new ArrayList<>(
                List.of("--input", corpus.toString(), "--partitions", "30", "--output", output.toString()));
        if (!List.of(more).contains("--top-k")) {
            args.addAll(List.of("--top-k", "3"));
        }
        args.addAll(List.of(more));
        return Runner.fillMask(args.toArray(String[]::new));
    }

    private Set<Row> rows() {
        List<Row> rows = Runner.spark().read().parquet(output.toString()).collectAsList();
        assertThat(rows).doesNotHaveDuplicates();
        return new HashSet<>(rows);
    }

    private Map<String, FileTime> chunks() throws IOException {
        return chunks(output);
    }

    private static Map<String, FileTime> chunks(Path output) throws IOException {
        Map<String, FileTime> chunks = new HashMap<>();
        try (Stream<Path> files = Files.list(output)) {
            for (Path file : files.filter(f -> f.getFileName().toString().startsWith("chunk-"))
                    .collect(Collectors.toList())) {
                chunks.put(file.getFileName().toString(), Files.getLastModifiedTime(file));
            }
        }
        return chunks;
    }
}
