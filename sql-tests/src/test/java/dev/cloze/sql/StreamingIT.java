package dev.cloze.sql;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cloze.model.ModelRegistry;
import dev.cloze.spark.Cloze;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An audit that never ends: files that arrive are scored, batch after batch. */
class StreamingIT {
    private static final List<String> FIRST =
            List.of("the capital of france is paris .", "the man worked as a waiter .");
    private static final List<String> SECOND = List.of("a b c");

    @TempDir
    Path directory;

    private final SparkSession spark = Sessions.spark();

    @Test
    void filesThatArriveAreScored() throws Exception {
        Path in = Files.createDirectory(directory.resolve("in"));
        Dataset<Row> scored = spark.readStream()
                .text(in.toString())
                .transform(Cloze.perplexity("value"))
                .selectExpr("value", "nll", "status", "perplexity(value) AS again");
        StreamingQuery query = scored.writeStream()
                .format("parquet")
                .option("path", directory.resolve("out").toString())
                .option("checkpointLocation", directory.resolve("checkpoint").toString())
                .start();
        try {
            Files.write(in.resolve("first.txt"), FIRST);
            query.processAllAvailable();
            Files.write(in.resolve("second.txt"), SECOND);
            query.processAllAvailable();
        } finally {
            query.stop();
        }

        List<Row> found = spark.read()
                .parquet(directory.resolve("out").toString())
                .orderBy("value")
                .collectAsList();
        List<JsonNode> expected = Commands.rows("perplexity", List.of("a b c", FIRST.get(0), FIRST.get(1)));
        assertThat(found).hasSize(3);
        for (int i = 0; i < 3; i++) {
            Commands.assertSame(
                    Commands.json(found.get(i).getDouble(1)), expected.get(i).get("nll"));
            Commands.assertSame(
                    Commands.json(found.get(i).getDouble(3)), expected.get(i).get("perplexity"));
        }
        assertThat(ModelRegistry.shared().leases()).isZero();
    }

    /** Sums over a stream are kept between its batches. */
    @Test
    void aRunningPerplexityOfACorpusIsUpdated() throws Exception {
        Path in = Files.createDirectory(directory.resolve("in"));
        StreamingQuery query = spark.readStream()
                .text(in.toString())
                .selectExpr("corpus_perplexity(value) AS p")
                .writeStream()
                .outputMode("complete")
                .format("memory")
                .queryName("running")
                .start();
        try {
            Files.write(in.resolve("first.txt"), FIRST);
            query.processAllAvailable();
            Files.write(in.resolve("second.txt"), SECOND);
            query.processAllAvailable();
        } finally {
            query.stop();
        }

        double nll = 0;
        long tokens = 0;
        for (JsonNode row : Commands.rows("perplexity", List.of(FIRST.get(0), FIRST.get(1), SECOND.get(0)))) {
            nll += row.get("nll").asDouble();
            tokens += row.get("tokens_scored").asLong();
        }
        Commands.assertSame(
                Commands.json(spark.table("running").head().getDouble(0)), Commands.json(Math.exp(nll / tokens)));
    }
}
