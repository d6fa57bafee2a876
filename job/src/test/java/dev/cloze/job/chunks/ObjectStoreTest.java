package dev.cloze.job.chunks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.job.testing.Corpora;
import dev.cloze.job.testing.Runner;
import dev.cloze.job.testing.Runner.Result;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that write to where a rename is a copy. */
class ObjectStoreTest {

    private static final int ROWS = 60;
    private static final String IMPLEMENTATION = "fs.s3a.impl";

    @TempDir
    Path directory;

    private Path corpus;

    private Path output;

    private String ofHadoop;

    @BeforeEach
    void writeCorpus() throws IOException {
        Configuration hadoop = Runner.spark().sparkContext().hadoopConfiguration();
        ofHadoop = hadoop.get(IMPLEMENTATION);
        hadoop.set(IMPLEMENTATION, ObjectStoreFileSystem.class.getName());
        corpus = Files.createDirectory(directory.resolve("corpus"));
        output = directory.resolve("out");
        new Corpora(corpus).numbered("part0.txt", 0, ROWS);
        ObjectStoreFileSystem.renamed();
    }

    /** Other tests share this JVM, where Hadoop keeps file systems. */
    @AfterEach
    void repair() throws IOException {
        ObjectStoreFileSystem.failWhen(path -> false);
        Configuration hadoop = Runner.spark().sparkContext().hadoopConfiguration();
        FileSystem.get(URI.create("s3a://bucket"), hadoop).close();
        hadoop.set(IMPLEMENTATION, ofHadoop);
    }

    @Test
    void rowsAreThoseOfALocalRunAndNoChunkIsRenamed() throws IOException {
        Path local = directory.resolve("local");
        assertThat(run(local.toString()).code()).isZero();
        Set<Path> before = scratch();

        Result result = run("s3a://bucket" + output);

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(rows(output)).isEqualTo(rows(local)).hasSize(ROWS);
        assertThat(ObjectStoreFileSystem.renamed()).isEmpty();
        assertThat(scratch()).isEqualTo(before);
        assertThat(output.resolve("_SUCCESS")).exists();
        assertThat(run("s3a://bucket" + output).err()).contains("nothing is left to score");
    }

    @Test
    void anUploadThatFailsLeavesNothingAndTheSameCommandGoesOn() throws IOException {
        AtomicInteger uploads = new AtomicInteger();
        ObjectStoreFileSystem.failWhen(path -> isChunk(path) && uploads.incrementAndGet() > 4);

        Result broken = run("s3a://bucket" + output);

        assertThat(broken.code()).isEqualTo(6);
        assertThat(broken.err())
                .contains("Cannot write s3a://bucket" + output + "/chunk-")
                .contains("503 Slow Down")
                .contains("run the same command again: chunks that are there stay");
        Set<String> left = chunks(output);
        assertThat(left).hasSize(4);
        for (String chunk : left) {
            assertThat(recordsOf(output.resolve(chunk))).isPositive();
        }

        ObjectStoreFileSystem.failWhen(path -> false);
        Result again = run("s3a://bucket" + output);
        assertThat(again.code()).as(again.err()).isZero();
        assertThat(again.err()).contains("resuming: 4 of ");
        assertThat(rows(output)).hasSize(ROWS);
    }

    @Test
    void aFailureBetweenTwoPlansLosesNothing() throws IOException {
        assertThat(run("s3a://bucket" + output).code()).isZero();
        Set<String> before = chunks(output);
        new Corpora(corpus).numbered("part1.txt", ROWS, 2 * ROWS);
        ObjectStoreFileSystem.failWhen(path -> path.getName().startsWith("_plan.json"));

        assertThat(run("s3a://bucket" + output, "--refresh").code()).isEqualTo(6);

        assertThat(output.resolve("_plan.json")).exists();
        ObjectStoreFileSystem.failWhen(path -> false);
        assertThat(run("s3a://bucket" + output, "--refresh").code()).isZero();
        assertThat(chunks(output)).containsAll(before);
        assertThat(rows(output)).hasSize(2 * ROWS);
        assertThat(ObjectStoreFileSystem.renamed()).isEmpty();
    }

    @Test
    void oldResultsStayUntilTheNewOnesAreWhole() throws IOException {
        assertThat(run("s3a://bucket" + output).code()).isZero();
        Set<Row> old = rows(output);
        AtomicInteger uploads = new AtomicInteger();
        ObjectStoreFileSystem.failWhen(path -> isChunk(path) && uploads.incrementAndGet() > 3);

        assertThat(run("s3a://bucket" + output, "--overwrite", "--top-k", "2").code())
                .isEqualTo(6);

        assertThat(rows(output)).isEqualTo(old);
        assertThat(output.resolve("_SUCCESS")).exists();

        // The directory is moved object by object, and breaks off.
        AtomicInteger moved = new AtomicInteger();
        ObjectStoreFileSystem.failWhen(
                path -> isChunk(path) && path.getParent().getName().equals("out") && moved.incrementAndGet() > 2);
        Result broken = run("s3a://bucket" + output, "--overwrite", "--top-k", "2");
        assertThat(broken.code()).as(broken.err()).isEqualTo(6);
        assertThat(output.resolve("_SUCCESS")).doesNotExist();

        ObjectStoreFileSystem.failWhen(path -> false);
        Result again = run("s3a://bucket" + output, "--overwrite", "--top-k", "2");
        assertThat(again.err()).contains("nothing is left to score");
        assertThat(again.code()).isZero();
        assertThat(Runner.spark()
                        .read()
                        .parquet(output.toString())
                        .filter("size(masks[0].candidates) = 2")
                        .count())
                .isEqualTo(ROWS);
        assertThat(output.resolve("_SUCCESS")).exists();
        assertThat(directory.resolve("out.overwriting")).doesNotExist();
    }

    /** What chunks leave in the temporary directory. */
    private static Set<Path> scratch() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(file -> file.getFileName().toString().contains("cloze-chunk"))
                    .collect(Collectors.toSet());
        }
    }

    private static boolean isChunk(org.apache.hadoop.fs.Path path) {
        return path.getName().startsWith("chunk-");
    }

    private Result run(String place, String... more) {
        List<String> args = new ArrayList<>(
                List.of("--input", corpus.toString(), "--partitions", "10", "--show", "1", "--output", place));
        if (!List.of(more).contains("--top-k")) {
            args.addAll(List.of("--top-k", "1"));
        }
        args.addAll(List.of(more));
        return Runner.fillMask(args.toArray(String[]::new));
    }

    private static Set<Row> rows(Path place) {
        List<Row> rows = Runner.spark().read().parquet(place.toString()).collectAsList();
        assertThat(rows).doesNotHaveDuplicates();
        return new HashSet<>(rows);
    }

    private static Set<String> chunks(Path place) throws IOException {
        Set<String> chunks = new HashSet<>();
        try (Stream<Path> files = Files.list(place)) {
            files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("chunk-"))
                    .forEach(chunks::add);
        }
        return chunks;
    }

    private static long recordsOf(Path chunk) throws IOException {
        try (ParquetFileReader reader = ParquetFileReader.open(HadoopInputFile.fromPath(
                new org.apache.hadoop.fs.Path(chunk.toUri()), new org.apache.hadoop.conf.Configuration()))) {
            return reader.getRecordCount();
        }
    }
}
