package dev.cloze.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cloze.spark.Cloze;
import dev.cloze.spark.Transformation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TransformationsIT {
    private static final List<String> TEXTS = List.of(
            "the capital of france is [MASK] .",
            "[MASK] and [MASK]",
            "no mask at all",
            "the man worked as a [MASK]",
            "");

    @TempDir
    Path directory;

    private final SparkSession spark = Sessions.spark();

    private Dataset<Row> texts() {
        return spark.createDataset(TEXTS, Encoders.STRING()).toDF("text").coalesce(1);
    }

    private static void assertSame(Dataset<Row> found, List<JsonNode> rows, String... without) {
        List<Row> all = found.drop(without).collectAsList();
        assertThat(all).hasSameSizeAs(rows);
        for (int i = 0; i < all.size(); i++) {
            Commands.assertSame(Commands.json(all.get(i)), rows.get(i));
        }
    }

    @Test
    void columnsAreThoseOfTheCommands() throws Exception {
        assertSame(texts().transform(Cloze.fillMask("text")).drop("text"), Commands.rows("fill-mask", TEXTS));
        assertSame(
                texts().transform(Cloze.fillMask("text").topK(3).targets("he", "the", "paris", "london"))
                        .drop("text"),
                Commands.rows("fill-mask", TEXTS, "--top-k", "3", "--targets", "he,the,paris,london"));
        assertSame(
                texts().transform(Cloze.perplexity("text").method("pll-word").tokens())
                        .drop("text"),
                Commands.rows("perplexity", TEXTS, "--method", "pll-word", "--tokens"));
        assertSame(
                texts().transform(Cloze.embed("text").pooling("cls")).drop("text"),
                Commands.rows("embed", TEXTS, "--pooling", "cls"));
    }

    @Test
    void candidatesAreTheRowsOfTheCommandWithTheColumnsOfTheirDocument() throws Exception {
        List<Row> documents = List.of(
                RowFactory.create("d1", "good", "the man worked as a waiter in the capital of france ."),
                RowFactory.create("d2", "bad", "a b"),
                RowFactory.create("d3", "bad", ""),
                RowFactory.create("d4", "bad", null));
        Dataset<Row> rows = spark.createDataFrame(
                documents,
                new StructType()
                        .add("id", DataTypes.StringType)
                        .add("label", DataTypes.StringType)
                        .add("text", DataTypes.StringType));
        Path corpus = directory.resolve("corpus.jsonl");
        rows.coalesce(1).write().json(corpus.toString());

        Dataset<Row> found = rows.coalesce(1)
                .transform(Cloze.augment("text").variants(3).seed(5).id("id").option("augment.share", 0.4));

        List<JsonNode> expected = Commands.run(List.of(
                "augment",
                "--stopwords=none",
                "--names=replace",
                "--allow-repeats",
                "--min-probability=0",
                "--model",
                Sessions.tiny().directory().toString(),
                "--json",
                "--input",
                corpus + "/*.json",
                "--id-column",
                "id",
                "--keep",
                "label",
                "--variants",
                "3",
                "--seed",
                "5",
                "--share",
                "0.4"));
        assertThat(found.columns())
                .containsExactly("id", "label", "variant", "text", "edits", "pll_change", "status", "error");
        assertSame(found, expected);
    }

    @Test
    void aColumnTellsHowManyCandidatesADocumentGets() {
        Dataset<Row> rows = spark.sql("SELECT * FROM VALUES ('the man worked as a waiter in france .', 2),"
                + " ('the capital of france is paris .', 0) AS t(text, n)");

        List<Row> found =
                rows.transform(Cloze.augment("text").variantsFrom("n")).collectAsList();

        assertThat(found).hasSize(2).allMatch(row -> row.getInt(0) == 2);
    }

    @Test
    void aRowThatWantsTooManyCandidatesSaysSo() {
        List<Row> found = spark.sql("SELECT * FROM VALUES ('the capital of france', 1000000000) AS t(text, n)")
                .transform(Cloze.augment("text").variantsFrom("n"))
                .select("status", "error")
                .collectAsList();

        assertThat(found).hasSize(1);
        assertThat(found.get(0).getString(0)).isEqualTo("failed");
        assertThat(found.get(0).getString(1))
                .isEqualTo(
                        "Cannot augment the text: 1000000000 variants are wanted, at most 10000 of a text can be made; ask"
                                + " for fewer");
    }

    @Test
    void pairsAreReadTogether() throws Exception {
        Path corpus =
                Files.writeString(directory.resolve("pairs.csv"), "text,more\na [MASK] b,the capital of france\n");

        List<Row> found = spark.read()
                .option("header", true)
                .csv(corpus.toString())
                .transform(Cloze.fillMask("text").pair("more"))
                .drop("text", "more")
                .collectAsList();

        List<JsonNode> expected = Commands.run(List.of(
                "fill-mask",
                "--model",
                Sessions.tiny().directory().toString(),
                "--json",
                "--input",
                corpus.toString(),
                "--pair-column",
                "more"));
        Commands.assertSame(Commands.json(found.get(0)), expected.get(0));
    }

    @Test
    void aTransformationIsAValue() {
        var plain = Cloze.fillMask("text");
        plain.topK(1);
        plain.option("long", "fail");

        Row row = texts().transform(plain).head();

        assertThat(row.<Row>getList(row.fieldIndex("masks")).get(0).getList(3)).hasSize(5);
    }

    @Test
    void anOptionHoldsForItsTransformationOnly() {
        String text = "a ".repeat(200) + "[MASK]";
        Dataset<Row> rows =
                spark.createDataset(List.of(text), Encoders.STRING()).toDF("text");

        assertThat(status(rows, Cloze.fillMask("text").option("long", "fail"))).isEqualTo("too-long");
        assertThat(status(rows, Cloze.fillMask("text"))).isEqualTo("ok");
    }

    private static String status(Dataset<Row> rows, Transformation<?> transformation) {
        return rows.transform(transformation).select("status").head().getString(0);
    }

    @Test
    void everyRowHasAnAnswerOrAReason() {
        List<Row> rows = texts().transform(Cloze.fillMask("text"))
                .select("status", "error")
                .collectAsList();

        assertThat(rows).extracting(row -> row.getString(0)).containsExactly("ok", "ok", "no-mask", "ok", "empty");
        assertThat(rows.get(2).getString(1))
                .startsWith("Cannot fill masks: there is no mask in the text; write [MASK]");
    }

    @Test
    void whatDoesNotFitIsSaidAtOnce() {
        assertThatThrownBy(() -> spark.range(1).toDF("text").transform(Cloze.perplexity("text")))
                .isInstanceOf(AnalysisException.class)
                .hasNoCause()
                .hasMessage(
                        "[FAILED_FUNCTION_CALL] Cannot score column text: its type is bigint; cast it to string SQLSTATE: 38000");
        assertThatThrownBy(() -> texts().withColumnRenamed("text", "status").transform(Cloze.perplexity("status")))
                .hasMessageContaining("Cannot add column status: the dataset has one of that name; rename it with"
                        + " withColumnRenamed");
        assertThatThrownBy(() -> texts().transform(Cloze.perplexity("txt"))).hasMessageContaining("`txt`");
        assertThatThrownBy(() -> texts().transform(Cloze.perplexity("text").method("plll")))
                .hasMessageContaining("spark.cloze.method must be one of pll, pll-word, causal, it is plll");
        assertThatThrownBy(() -> Cloze.fillMask("text").topK(0))
                .hasMessage("Cannot set top-k to 0: it must be a whole number from 1 to 10000");
        assertThatThrownBy(() -> Cloze.fillMask("text").topK(20_000))
                .hasMessage("Cannot set top-k to 20000: it must be a whole number from 1 to 10000");
    }

    @Test
    void columnsWithOddNamesWork() {
        Dataset<Row> rows = texts().withColumnRenamed("text", "a.b `c");

        assertThat(rows.transform(Cloze.fillMask("a.b `c")).columns())
                .containsExactly("a.b `c", "masks", "status", "error");
        assertThat(new ArrayList<>(
                        Arrays.asList(rows.transform(Cloze.augment("a.b `c")).columns())))
                .doesNotContain("a.b `c");
    }
}
