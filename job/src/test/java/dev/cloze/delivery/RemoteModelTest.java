package dev.cloze.delivery;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cloze.bundle.Bundle;
import dev.cloze.bundle.Directories;
import dev.cloze.executor.PartitionScorer;
import dev.cloze.executor.TaskModel;
import dev.cloze.importing.TinyBert;
import dev.cloze.job.testing.Runner;
import dev.cloze.job.testing.Runner.Result;
import dev.cloze.mask.LongTexts;
import dev.cloze.model.Head;
import dev.cloze.model.ModelRegistry;
import dev.cloze.model.ModelSpec;
import dev.cloze.onnx.Device;
import dev.cloze.onnx.DeviceRequest;
import dev.cloze.rows.DocumentScoreRows;
import dev.cloze.rows.FeatureRows;
import dev.cloze.scoring.DocumentScore;
import dev.cloze.scoring.Embedding;
import dev.cloze.scoring.Features;
import dev.cloze.scoring.PseudoLogLikelihood;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models that lie on a file system elsewhere. */
class RemoteModelTest {
    @TempDir
    Path directory;

    private String temporary;

    /** Files of this machine under another scheme, as if they were elsewhere. */
    public static final class Elsewhere extends RawLocalFileSystem {
        static final AtomicInteger READ = new AtomicInteger();

        @Override
        public URI getUri() {
            return URI.create("elsewhere:///");
        }

        @Override
        public String getScheme() {
            return "elsewhere";
        }

        @Override
        public void initialize(URI uri, Configuration configuration) throws IOException {
            super.initialize(uri, configuration);
            setConf(configuration);
        }

        @Override
        public FSDataInputStream open(org.apache.hadoop.fs.Path path, int bufferSize) throws IOException {
            if (path.getName().equals(Bundle.MODEL)) {
                READ.incrementAndGet();
            }
            return super.open(path, bufferSize);
        }
    }

    @BeforeEach
    void keepCopiesHere() {
        Runner.spark().sparkContext().conf().set("spark.hadoop.fs.elsewhere.impl", Elsewhere.class.getName());
        temporary = System.getProperty("java.io.tmpdir");
        System.setProperty("java.io.tmpdir", directory.toString());
        Elsewhere.READ.set(0);
    }

    @AfterEach
    void keepCopiesWhereTheyWere() {
        System.setProperty("java.io.tmpdir", temporary);
    }

    @Test
    void aModelElsewhereIsCopiedOnceAndAnswersTheSame() throws IOException {
        Bundle model = copyOfTiny("models/tiny");
        String[] texts = {"--text", "paris is the [MASK]", "--text", "the [MASK] of france", "--json"};

        Result first = Runner.command("fill-mask", Runner.tiny(), texts);
        Result elsewhere = fillMask(url(model), texts);
        Result again = fillMask(url(model), texts);

        assertThat(elsewhere.code()).as(elsewhere.err()).isZero();
        assertThat(elsewhere.out()).isEqualTo(first.out());
        assertThat(again.out()).isEqualTo(first.out());
        assertThat(Elsewhere.READ).hasValue(1);
    }

    @Test
    void aModelElsewhereThatIsDamagedIsNamedAndNotKept() throws IOException {
        Bundle model = copyOfTiny("models/tiny");
        Files.writeString(model.file(Bundle.MODEL), "short");

        Result damaged = fillMask(url(model), "--text", "a [MASK]");

        assertThat(damaged.code()).isEqualTo(5);
        assertThat(damaged.err()).contains("model.onnx has sha256 ").contains("(5 bytes), cloze.json says ");
        Directories.delete(model.directory());
        copyOfTiny("models/tiny");
        assertThat(fillMask(url(model), "--text", "a [MASK]").code()).isZero();
    }

    @Test
    void aCopyThatLostAFileIsMadeAnew() throws IOException {
        Bundle model = copyOfTiny("models/tiny");
        assertThat(fillMask(url(model), "--text", "a [MASK]").code()).isZero();
        String digest = model.digest();
        Files.delete(directory
                .resolve("cloze-models-" + System.getProperty("user.name"))
                .resolve(digest)
                .resolve(Bundle.MODEL));

        assertThat(fillMask(url(model), "--text", "a [MASK]").code()).isZero();

        assertThat(Elsewhere.READ).hasValue(2);
    }

    @Test
    void aDirectoryWithoutABundleDoesNotHideWhatCameWithTheJob() throws IOException {
        String name = "shipped-" + ProcessHandle.current().pid();
        Bundle shipped = TinyBert.write(Path.of(""), name);
        try {
            Path empty = Files.createDirectory(directory.resolve(name));
            ModelSpec spec = ModelSpec.of(shipped, empty.toString(), Head.MASKED_LM, DeviceRequest.auto());

            assertThat(TaskModel.onThisNode(spec, Device.cpu()).directory())
                    .isEqualTo(shipped.directory().toAbsolutePath());
        } finally {
            Directories.delete(shipped.directory());
        }
    }

    @Test
    void aCopyThatAnotherUserMadeBeforehandIsNotUsed() throws IOException {
        assumeTrue(System.getProperty("user.name").equals("root"), "only root can give a directory away");
        Bundle model = copyOfTiny("models/tiny");
        Path copies = Files.createDirectory(directory.resolve("cloze-models-root"));
        Path planted = copyOfTiny("cloze-models-root/" + model.digest()).directory();
        for (Path path : List.of(copies, planted)) {
            Files.setOwner(
                    path, path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));
        }

        Result result = fillMask(url(model), "--text", "a [MASK]");

        assertThat(result.code()).as(result.err()).isEqualTo(6);
        assertThat(result.err())
                .isEqualTo(
                        "cloze: Cannot keep copies of models in " + copies + ": it belongs to nobody, and this process"
                                + " runs as root; remove it, or name another place with CLOZE_CACHE"
                                + " (spark.executorEnv.CLOZE_CACHE)\n");
    }

    @Test
    void copiesAreForThisUserAlone() throws IOException {
        assertThat(fillMask(url(copyOfTiny("models/tiny")), "--text", "a [MASK]")
                        .code())
                .isZero();

        Path copies = directory.resolve("cloze-models-" + System.getProperty("user.name"));
        assertThat(Files.getPosixFilePermissions(copies)).isEqualTo(PosixFilePermissions.fromString("rwx------"));
        Files.setPosixFilePermissions(copies, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThat(fillMask(url(Runner.tiny()), "--text", "a [MASK]").err()).contains("other users may write to it");
    }

    @Test
    void aCopyOfAnotherModelUnderTheNameOfOursIsReplaced() throws IOException {
        Bundle model = copyOfTiny("models/tiny");
        Bundle other = TinyBert.write(directory.resolve("models"), "other");
        assertThat(other.digest()).isNotEqualTo(model.digest());
        Path copies = directory.resolve("cloze-models-" + System.getProperty("user.name"));
        Files.createDirectory(
                copies, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.move(other.directory(), copies.resolve(model.digest()));

        assertThat(fillMask(url(model), "--text", "a [MASK]").code()).isZero();

        assertThat(Bundle.open(copies.resolve(model.digest())).digest()).isEqualTo(model.digest());
    }

    @Test
    void twoModelsWhoseFilesHaveTheSameNamesWorkInOneQuery() {
        SparkSession spark = Runner.spark();
        Bundle one = TinyBert.write(directory.resolve("one"), "model");
        Bundle other = TinyBert.write(directory.resolve("other"), "another");
        Dataset<Row> documents = spark.range(40)
                .selectExpr(
                        "id", "concat('paris ', id) AS text", "cast(null as string) AS p", "cast(null as string) AS e");
        PartitionScorer<DocumentScore> scorer = new PartitionScorer<>(
                broadcast(one, Head.MASKED_LM),
                new PseudoLogLikelihood(PseudoLogLikelihood.Hidden.TOKEN, LongTexts.WINDOW),
                DocumentScoreRows.ofDocuments(),
                512);
        PartitionScorer<Features> describer = new PartitionScorer<>(
                broadcast(other, Head.HIDDEN_STATES),
                new Embedding(Embedding.Pooling.MEAN, LongTexts.WINDOW),
                FeatureRows.ofTexts(),
                512);
        long opened = ModelRegistry.shared().opened();

        Dataset<Row> scored = documents
                .mapPartitions(
                        scorer,
                        Encoders.row(PartitionScorer.schema(documents.schema(), DocumentScoreRows.ofDocuments())))
                .select(col("id"), col("nll"));
        Dataset<Row> described = documents
                .mapPartitions(
                        describer, Encoders.row(PartitionScorer.schema(documents.schema(), FeatureRows.ofTexts())))
                .select(col("id"), col("vector"));

        assertThat(scored.join(described, "id")
                        .filter("nll > 0 and size(vector) = 32")
                        .count())
                .isEqualTo(40);
        assertThat(ModelRegistry.shared().opened() - opened).isEqualTo(2);
    }

    private static Broadcast<ModelSpec> broadcast(Bundle bundle, Head head) {
        return JavaSparkContext.fromSparkContext(Runner.spark().sparkContext())
                .broadcast(ModelSpec.of(bundle, url(bundle), head, DeviceRequest.auto()));
    }

    private static String url(Bundle bundle) {
        return "elsewhere://" + bundle.directory().toAbsolutePath();
    }

    private static Result fillMask(String model, String... args) {
        String[] all = new String[args.length + 3];
        all[0] = "fill-mask";
        all[1] = "--model";
        all[2] = model;
        System.arraycopy(args, 0, all, 3, args.length);
        return Runner.run(all);
    }

    private Bundle copyOfTiny(String name) throws IOException {
        Path target = Files.createDirectories(directory.resolve(name));
        for (String file : Runner.tiny().manifest().files().keySet()) {
            Files.copy(Runner.tiny().file(file), target.resolve(file));
        }
        Files.copy(Runner.tiny().file(Bundle.MANIFEST), target.resolve(Bundle.MANIFEST));
        return Bundle.open(target);
    }
}
