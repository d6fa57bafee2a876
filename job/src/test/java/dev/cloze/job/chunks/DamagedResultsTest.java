package dev.cloze.job.chunks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.job.testing.Corpora;
import dev.cloze.job.testing.FaultyFileSystem;
import dev.cloze.job.testing.Runner;
import dev.cloze.job.testing.Runner.Result;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever became of a directory of results: the same command makes it whole, or says what is in its way. */
class DamagedResultsTest {
    private static final int ROWS = 60;

    @TempDir
    Path directory;

    private Path corpus;
    private Path output;

    @BeforeEach
    void writeCorpus() throws IOException {
        Runner.spark().sparkContext().hadoopConfiguration().set("fs.faulty.impl", FaultyFileSystem.class.getName());
        output = directory.resolve("out");
        corpus = new Corpora(directory).numbered("corpus.txt", 0, ROWS);
    }

    @AfterEach
    void repair() {
        FaultyFileSystem.failWhen(act -> false);
    }

    @Test
    void chunksThatWereCutOffAreScoredAgainAndTheOthersStay() throws IOException {
        assertThat(run().code()).isZero();
        Set<Row> expected = rows();
        List<Path> chunks = chunks();
        FileTime untouched = Files.getLastModifiedTime(chunks.get(2));
        Files.write(chunks.get(0), new byte[0]);
        byte[] half = Files.readAllBytes(chunks.get(1));
        Files.write(chunks.get(1), Arrays.copyOf(half, half.length / 2));

        Result again = run();

        assertThat(again.code()).as(again.err()).isZero();
        assertThat(again.err()).contains("2 of " + chunks.size() + " chunks that are there are damaged");
        assertThat(rows()).isEqualTo(expected);
        assertThat(Files.getLastModifiedTime(chunks.get(2))).isEqualTo(untouched);
    }

    @Test
    void aChunkOfNoPlanIsNotLeftAmongTheResults() throws IOException {
        assertThat(run().code()).isZero();
        Set<Row> expected = rows();
        Files.copy(chunks().get(0), output.resolve("chunk-0123456789abcdef0123.zstd.parquet"));

        assertThat(run().code()).isZero();

        assertThat(count()).isEqualTo(ROWS);
        assertThat(rows()).isEqualTo(expected);
    }

    @Test
    void anotherFileAmongTheResultsIsNamed() throws IOException {
        assertThat(run().code()).isZero();
        Files.copy(chunks().get(0), output.resolve("part-0.parquet"));

        Result again = run();

        assertThat(again.code()).isEqualTo(2);
        assertThat(again.err())
                .contains("there is a file in it that is no part of the run: part-0.parquet; move it away");
        assertThat(output.resolve("_SUCCESS")).doesNotExist();
        Files.delete(output.resolve("part-0.parquet"));
        assertThat(run().code()).isZero();
    }

    @Test
    void twoDriversWithOtherChunksDoNotMix() throws IOException {
        AtomicInteger renamed = new AtomicInteger();
        FaultyFileSystem.failWhen(act -> {
            if (act == FaultyFileSystem.Act.RENAME && renamed.incrementAndGet() == 3) {
                putAnotherPlan();
            }
            return false;
        });

        Result first = run();

        assertThat(first.code()).as(first.err()).isEqualTo(6);
        assertThat(first.err()).contains("another run began in it meanwhile, with other chunks");
        assertThat(chunks()).as("chunks that both plans have").hasSizeLessThan(5);
        assertThat(output.resolve("_SUCCESS")).doesNotExist();
        FaultyFileSystem.failWhen(act -> false);
        assertThat(run().code()).isZero();
        assertThat(count()).isEqualTo(ROWS);
    }

    /** The plan of a driver that cuts the corpus otherwise. */
    private void putAnotherPlan() {
        try {
            String plan = Files.readString(output.resolve("_plan.json"));
            String other = Pattern.compile("\"rows\" : \\[ (\\d+), (\\d+)")
                    .matcher(plan)
                    .replaceFirst(rows -> "\"rows\" : [ 1, "
                            + (Integer.parseInt(rows.group(1)) + Integer.parseInt(rows.group(2)) - 1));
            assertThat(other).isNotEqualTo(plan);
            Files.writeString(output.resolve("_plan.json"), other);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aRunThatIsNotAcceptedIsNotWhole() throws IOException {
        Path broken = new Corpora(directory).json("broken.jsonl", "a [MASK]", Corpora.BROKEN);
        String[] args = {"--input", broken.toString(), "--output", output.toString(), "--show", "1"};
        assertThat(Runner.fillMask(args).code()).isZero();
        String[] stricter = Arrays.copyOf(args, args.length + 2);
        stricter[args.length] = "--max-bad-rows";
        stricter[args.length + 1] = "0";

        assertThat(Runner.fillMask(stricter).code()).isEqualTo(4);

        assertThat(output.resolve("_SUCCESS")).doesNotExist();
        assertThat(Runner.fillMask(args).code()).isZero();
        assertThat(output.resolve("_SUCCESS")).exists();
    }

    @Test
    void chunksThatAreGoneAreMissed() throws IOException {
        assertThat(run().code()).isZero();
        Files.delete(chunks().get(0));

        assertThat(Runner.run("runs", "show", output.toString()).out())
                .containsPattern("state +unfinished: run the same command again")
                .containsPattern("chunks +5 of 6");
    }

    @Test
    void aPlanThatWasCutOffIsExplained() throws IOException {
        String[] args = {"--input", corpus.toString(), "--output", output.toString(), "--show", "1"};
        assertThat(Runner.fillMask(args).code()).isZero();
        Path plan = output.resolve("_plan.json");
        Files.write(plan, Arrays.copyOf(Files.readAllBytes(plan), 100));

        for (Result result : List.of(Runner.fillMask(args), Runner.run("runs", "show", output.toString()))) {
            assertThat(result.code()).as(result.err()).isEqualTo(2);
            assertThat(result.err()).contains("_plan.json: it is damaged").contains("begin anew with --overwrite");
        }

        Files.move(output, directory.resolve("out.overwriting"));
        String[] anew = Arrays.copyOf(args, args.length + 1);
        anew[args.length] = "--overwrite";
        assertThat(Runner.fillMask(anew).code()).isZero();
        assertThat(count()).isEqualTo(ROWS);
    }

    @Test
    void aRunThatIsNotWholeIsNotMerged() throws IOException {
        Path earlier = directory.resolve("earlier");
        assertThat(Runner.perplexity("--input", corpus.toString(), "--output", earlier.toString())
                        .code())
                .isZero();
        Files.delete(earlier.resolve("_SUCCESS"));

        Result merged = Runner.perplexity("--input", corpus.toString(), "--merge", earlier.toString());

        assertThat(merged.code()).isEqualTo(2);
        assertThat(merged.err()).contains("Cannot merge " + earlier + ": that run is not complete");
    }

    @Test
    void noRoomForWhatAddsTheChunksUpIsSaid() throws IOException {
        String[] states = {"perplexity", "--input", corpus.toString()};
        String[] copy = {"fill-mask", "--text", "a [MASK]"};
        Path broken = new Corpora(directory).json("broken.jsonl", "a [MASK]", Corpora.BROKEN);
        String[] failed = {"fill-mask", "--input", broken.toString()};
        for (String[] args : List.of(states, copy, failed)) {
            String place = "faulty://" + output + args[2].length();
            String[] all = Arrays.copyOf(args, args.length + 4);
            all[args.length] = "--output";
            all[args.length + 1] = place;
            all[args.length + 2] = "--model";
            all[args.length + 3] = Runner.tiny().directory().toString();
            FaultyFileSystem.failWhen(act -> act == FaultyFileSystem.Act.CREATE_PART);

            Result full = Runner.run(all);

            assertThat(full.code()).as(full.err()).isEqualTo(6);
            assertThat(full.err())
                    .contains("No space left on device")
                    .contains("run the same command again")
                    .doesNotContain("\tat ");
            FaultyFileSystem.failWhen(act -> false);
            Result again = Runner.run(all);
            assertThat(again.code()).as(again.err()).isZero();
        }
    }

    private Result run(String... options) {
        List<String> args = new ArrayList<>(List.of("--input", corpus.toString(), "--output", "faulty://" + output));
        args.addAll(List.of("--partitions", "6", "--show", "1"));
        args.addAll(List.of(options));
        return Runner.fillMask(args.toArray(String[]::new));
    }

    private List<Path> chunks() throws IOException {
        try (Stream<Path> files = Files.list(output)) {
            return files.filter(file -> file.getFileName().toString().startsWith("chunk-"))
                    .sorted()
                    .toList();
        }
    }

    private long count() {
        return Runner.spark().read().parquet(output.toString()).count();
    }

    private Set<Row> rows() {
        return new HashSet<>(Runner.spark().read().parquet(output.toString()).collectAsList());
    }
}
