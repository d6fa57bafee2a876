package dev.cloze.job.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.job.testing.Corpora;
import dev.cloze.job.testing.Runner;
import dev.cloze.job.testing.Runner.Result;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileUtil;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.hdfs.protocol.HdfsConstants;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** A real HDFS: there a rename onto a file that exists is refused, and a file that is written has no length yet. */
class HdfsIT {
    private static final int ROWS = 24;
    private static final int CHUNKS = 6;

    @TempDir
    static Path directory;

    private static HadoopCluster cluster;
    private static String model;
    private static Path first;
    private static Path second;

    private String corpus;
    private String output;

    /** Another writer of every chunk is just a moment faster. */
    public static final class Contested extends DistributedFileSystem {
        static final Collection<Boolean> RENAMED = new ConcurrentLinkedQueue<>();

        @Override
        public boolean rename(org.apache.hadoop.fs.Path from, org.apache.hadoop.fs.Path to) throws IOException {
            if (!to.getName().startsWith("chunk-")) {
                return super.rename(from, to);
            }
            FileUtil.copy(this, from, this, to, false, getConf());
            boolean renamed = super.rename(from, to);
            RENAMED.add(renamed);
            return renamed;
        }
    }

    @BeforeAll
    static void startHdfs() throws IOException {
        cluster = HadoopCluster.ofHdfs(directory.resolve("cluster"));
        model = cluster.put(Runner.tiny().directory(), "/models/tiny");
        first = new Corpora(directory).lines("first.txt", texts(0));
        second = new Corpora(directory).lines("second.txt", texts(ROWS));
    }

    @AfterAll
    static void stopHdfs() {
        cluster.close();
    }

    @BeforeEach
    void putCorpus(TestInfo test) throws IOException {
        String mine = "/" + test.getDisplayName().replaceAll("\\W", "");
        corpus = cluster.url(mine + "/corpus");
        output = cluster.url(mine + "/out");
        cluster.put(first, mine + "/corpus/first.txt");
    }

    @Test
    void aRunOnHdfsWritesTheRowsOfALocalOneAndGoesOn() throws IOException {
        assertDone(fillMask());
        assertThat(HadoopCluster.rows(output)).isEqualTo(local(first)).hasSize(ROWS);
        assertThat(cluster.besideChunks(output)).containsExactly(".cloze", "_SUCCESS", "_manifest.json", "_plan.json");
        assertThat(show()).contains("complete").contains(CHUNKS + " of " + CHUNKS);

        // As if the driver had been killed before its last chunk.
        Map<String, Long> chunks = cluster.chunks(output);
        String lost = chunks.keySet().iterator().next();
        cluster.files().delete(path(output, lost), false);
        cluster.files().delete(path(output, "_SUCCESS"), false);
        assertThat(show()).contains("unfinished: run the same command again").contains((CHUNKS - 1) + " of " + CHUNKS);
        Result again = fillMask();

        assertDone(again);
        assertThat(again.err()).contains("resuming: " + (CHUNKS - 1) + " of " + CHUNKS + " chunks are there");
        assertThat(HadoopCluster.rows(output)).isEqualTo(local(first));
        chunks.remove(lost);
        assertThat(cluster.chunks(output)).containsAllEntriesOf(chunks);
    }

    @Test
    void aChunkThatAnotherWriterMadeDurableFirstIsThereOnce() throws IOException {
        Contested.RENAMED.clear();
        Configuration hadoop = Runner.spark().sparkContext().hadoopConfiguration();
        hadoop.set("fs.hdfs.impl", Contested.class.getName());
        hadoop.setBoolean("fs.hdfs.impl.disable.cache", true);
        try {
            assertDone(fillMask());
        } finally {
            hadoop.unset("fs.hdfs.impl");
            hadoop.unset("fs.hdfs.impl.disable.cache");
        }

        assertThat(Contested.RENAMED)
                .as("what HDFS says of a name that is taken")
                .hasSize(CHUNKS)
                .containsOnly(false);
        assertThat(HadoopCluster.rows(output)).isEqualTo(local(first));
        assertThat(cluster.besideChunks(output)).containsExactly(".cloze", "_SUCCESS", "_manifest.json", "_plan.json");
    }

    @Test
    void refreshReplacesThePlanAndKeepsTheChunksOfWhatDidNotChange() throws IOException {
        assertDone(fillMask());
        Map<String, Long> before = cluster.chunks(output);
        cluster.put(second, path(corpus, "second.txt").toUri().getPath());

        Result refused = fillMask();
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).contains("the corpus changed: ").contains("second.txt");
        assertDone(fillMask("--refresh"));

        assertThat(HadoopCluster.rows(output)).isEqualTo(local(first, second)).hasSize(2 * ROWS);
        assertThat(cluster.chunks(output)).containsAllEntriesOf(before);
        assertThat(cluster.besideChunks(output)).containsExactly(".cloze", "_SUCCESS", "_manifest.json", "_plan.json");
    }

    @Test
    void overwriteReplacesTheDirectory() throws IOException {
        assertDone(fillMask());
        List<Row> before = HadoopCluster.rows(output);

        assertThat(fillMask("--top-k", "2").err()).contains("--top-k was not given, it is 2");
        assertThat(HadoopCluster.rows(output)).isEqualTo(before);
        assertDone(fillMask("--top-k", "2", "--overwrite"));

        assertThat(Runner.spark()
                        .read()
                        .parquet(output)
                        .filter("size(masks[0].candidates) = 2")
                        .count())
                .isEqualTo(ROWS);
        assertThat(cluster.besideChunks(path(output).getParent().toString())).containsExactly("corpus", "out");
    }

    @Test
    void statesOfAnEarlierRunAreMergedFromHdfs() throws IOException {
        String next = output + "-next";
        String input =
                cluster.put(second, path(output + "-input/second.txt").toUri().getPath());
        String both = directory.resolve("both").toString();
        String whole = directory.resolve("whole").toString();

        assertDone(perplexity("--input", corpus, "--output", output));
        assertDone(perplexity("--input", input, "--output", next, "--merge", output));
        assertDone(Runner.perplexity("--input", first.toString(), "--output", both));
        assertDone(Runner.perplexity("--input", second.toString(), "--output", whole, "--merge", both));

        assertThat(summary(next)).contains("\"documents\" : " + 2 * ROWS).isEqualTo(summary(whole));
    }

    @Test
    void aQuotaThatIsUsedUpEndsTheRunAndTheSameCommandGoesOn() throws IOException {
        DistributedFileSystem files = (DistributedFileSystem) cluster.files();
        files.mkdirs(path(output));
        files.setQuota(path(output), 1, HdfsConstants.QUOTA_DONT_SET);

        Result nothing = fillMask();
        // The directory, the history and its attempt, the plan, the place of unfinished chunks, a chunk and a half.
        files.setQuota(path(output), 7, HdfsConstants.QUOTA_DONT_SET);
        Result part = fillMask();

        for (Result full : List.of(nothing, part)) {
            assertThat(full.code()).isEqualTo(6);
            assertThat(full.err()).contains("Cannot write ").contains("The NameSpace quota ");
            assertThat(full.err().lines().filter(line -> !line.contains(" chunks ")))
                    .hasSizeLessThan(2);
        }
        assertThat(part.err()).contains("run the same command again: chunks that are there stay");
        Map<String, Long> left = cluster.chunks(output);
        assertThat(left).isNotEmpty().hasSizeLessThan(CHUNKS);
        files.setQuota(path(output), HdfsConstants.QUOTA_RESET, HdfsConstants.QUOTA_DONT_SET);
        assertDone(fillMask());
        assertThat(HadoopCluster.rows(output)).isEqualTo(local(first));
        assertThat(cluster.chunks(output)).containsAllEntriesOf(left);
    }

    @Test
    void whatTheServerSaysIsOneLine() {
        Result none = Runner.run("fill-mask", "--model", cluster.url("/models/none"), "--text", "a [MASK]");

        assertThat(none.code()).isEqualTo(5);
        assertThat(none.err().lines())
                .containsExactly("cloze: Cannot open model " + cluster.url("/models/none")
                        + ": File does not exist: /models/none/cloze.json; name the directory of a bundle there, and give Spark"
                        + " what it needs to read it");
    }

    private Result fillMask(String... more) {
        List<String> args = new ArrayList<>(List.of("fill-mask", "--model", model, "--input", corpus));
        args.addAll(List.of("--partitions", "" + CHUNKS, "--show", "1", "--output", output));
        args.addAll(List.of(more));
        return Runner.run(args.toArray(String[]::new));
    }

    private static Result perplexity(String... args) {
        List<String> all = new ArrayList<>(List.of("perplexity", "--model", model));
        all.addAll(List.of(args));
        return Runner.run(all.toArray(String[]::new));
    }

    private String show() {
        Result shown = Runner.run("runs", "show", output);
        assertThat(shown.code()).as(shown.err()).isZero();
        return shown.out();
    }

    private static void assertDone(Result result) {
        assertThat(result.code()).as(result.err()).isZero();
    }

    private static org.apache.hadoop.fs.Path path(String... parts) {
        return new org.apache.hadoop.fs.Path(String.join("/", parts));
    }

    /** Rows of the same texts from files of this machine. */
    private static List<Row> local(Path... inputs) throws IOException {
        Path place = Files.createTempDirectory(directory, "local").resolve("out");
        List<String> args = new ArrayList<>();
        for (Path input : inputs) {
            args.addAll(List.of("--input", input.toString()));
        }
        args.addAll(List.of("--show", "1", "--output", place.toString()));
        assertDone(Runner.fillMask(args.toArray(String[]::new)));
        return HadoopCluster.rows(place.toString());
    }

    /** Figures only: no run id and no path. */
    private static String summary(String output) throws IOException {
        org.apache.hadoop.fs.Path file = path(output, "_summary.json");
        try (var in =
                file.getFileSystem(new org.apache.hadoop.conf.Configuration()).open(file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).replaceAll("\"(run|merged)\" : [^\n]*\n", "");
        }
    }

    private static List<String> texts(int from) {
        return IntStream.range(from, from + ROWS)
                .mapToObj(i -> "number " + i + " is the capital of [MASK]")
                .toList();
    }
}
