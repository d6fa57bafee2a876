package dev.cloze.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.model.ModelRegistry;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How many rows queries score, of a table of 1,000. */
class PlansIT {
    private static final int ROWS = 1000;
    /** Read before the first result comes out. */
    private static final int FIRST = 16;

    @TempDir
    Path directory;

    private final SparkSession spark = Sessions.spark();

    @BeforeEach
    void table() {
        spark.range(ROWS)
                .selectExpr("id", "id % 10 AS class", "concat('[MASK] a ', id % 7) AS text", "repeat('x', 100) AS wide")
                .repartition(4)
                .write()
                .mode("overwrite")
                .parquet(directory.resolve("table").toString());
        spark.read().parquet(directory.resolve("table").toString()).createOrReplaceTempView("big");
    }

    private long scored(String query) {
        return ScoredRowsWatch.during(spark, () -> spark.sql(query).collectAsList());
    }

    @Test
    void aWholeTableIsScoredOnce() {
        assertThat(scored("SELECT fill_mask(text, 1) FROM big")).isEqualTo(ROWS);
    }

    @Test
    void aLimitScoresAboutItsRows() {
        assertThat(scored("SELECT id, fill_mask(text, 1) FROM big LIMIT 10")).isBetween(10L, 40L);
        assertThat(ScoredRowsWatch.during(spark, () -> spark.sql("SELECT fill_mask(text, 1) FROM big")
                        .head(10)))
                .isBetween(10L, 40L);
        assertThat(ScoredRowsWatch.during(spark, () -> spark.sql("SELECT fill_mask(text, 1) FROM big")
                        .show(10)))
                .isBetween(10L, 40L);
    }

    /** Rows come out before many more are read: a filter on the result decides when there are enough. */
    @Test
    void aLimitOverAFilterOnTheResultScoresFewMore() {
        long rows = scored("SELECT id FROM big WHERE perplexity(text) > 0 LIMIT 3");

        assertThat(rows).isBetween(3L, 4L * FIRST);
    }

    @Test
    void aFilterOnOtherColumnsComesFirst() {
        assertThat(scored("SELECT fill_mask(text, 1) FROM big WHERE class = 3")).isEqualTo(ROWS / 10);
        assertThat(scored("SELECT * FROM (SELECT class, fill_mask(text, 1) f FROM big) WHERE class = 3"))
                .isEqualTo(ROWS / 10);
        assertThat(scored("SELECT id FROM big WHERE perplexity(text) > 0 AND class = 3"))
                .isEqualTo(ROWS / 10);
    }

    @Test
    void onlyColumnsThatMatterAreRead() {
        String plan = spark.sql("SELECT class, perplexity(text) FROM big")
                .queryExecution()
                .executedPlan()
                .toString();

        assertThat(plan).contains("ReadSchema: struct<class:bigint,text:string>");
    }

    @Test
    void aResultThatNobodyWantsIsNotComputed() {
        assertThat(scored("SELECT id FROM (SELECT id, perplexity(text) p FROM big)"))
                .isZero();
        assertThat(scored("SELECT count(*) FROM (SELECT perplexity(text) p FROM big)"))
                .isZero();
    }

    @Test
    void functionsOfOneTextShareARunOfTheModel() {
        assertThat(scored("SELECT perplexity(text), pseudo_log_likelihood(text), token_surprisal(text)[0] FROM big"))
                .isEqualTo(ROWS);
        assertThat(scored("SELECT perplexity(text) FROM big WHERE pseudo_log_likelihood(text) < 0"))
                .isEqualTo(ROWS);
        assertThat(scored("SELECT class, corpus_perplexity(text), avg(perplexity(text)) FROM big GROUP BY class"))
                .isEqualTo(ROWS);
        assertThat(scored("SELECT fill_mask(text, 1), perplexity(text) FROM big WHERE perplexity(text) > 0"
                        + " AND fill_mask(text, 1) IS NOT NULL"))
                .isEqualTo(2 * ROWS);
    }

    @Test
    void functionsWithOneModelShareItsSession() {
        long before = ModelRegistry.shared().opened();

        scored("SELECT fill_mask(text, 1), perplexity(text), token_surprisal(text) FROM big LIMIT 100");

        // It may be open from a query before.
        assertThat(ModelRegistry.shared().opened() - before).isLessThanOrEqualTo(1);
    }

    /** Spark reads one side for the other when both are the same. */
    @Test
    void aSelfJoinScoresOnce() {
        spark.sql("SELECT id, class, perplexity(text) p FROM big").createOrReplaceTempView("scored");

        long rows = ScoredRowsWatch.during(
                spark, () -> spark.sql("SELECT /*+ MERGE(a, b) */ count(*) FROM scored a JOIN scored b ON a.id = b.id"
                                + " WHERE a.p > 0 AND b.p > 0")
                        .collectAsList());

        assertThat(rows).isEqualTo(ROWS);
    }

    @Test
    void theWorstRowsAreFoundInOnePass() {
        assertThat(scored("SELECT id, perplexity(text) p FROM big ORDER BY p DESC LIMIT 10"))
                .isEqualTo(ROWS);
    }

    /** As README says: Spark reads a sample before it sorts a whole table, and may read another. */
    @Test
    void aWholeTableThatIsSortedByItsScoreIsScoredUpToThreeTimesUnlessItIsCached() {
        assertThat(scored("SELECT id, perplexity(text) p FROM big ORDER BY p")).isBetween(ROWS + 1L, 3L * ROWS);
        spark.sql("CACHE TABLE kept AS SELECT id, perplexity(text) p FROM big");
        assertThat(scored("SELECT * FROM kept ORDER BY p")).isZero();
        spark.sql("UNCACHE TABLE kept");
    }

    @Test
    void aPlanNamesWhatIsScored() {
        Dataset<Row> query = spark.sql("SELECT fill_mask(text, 1) FROM big");

        assertThat(query.queryExecution().executedPlan().toString()).contains("Score fill_mask, [text#");
        assertThat(List.of(query.queryExecution().executedPlan().toString().split("\n")))
                .noneMatch(line -> line.contains("Python"));
    }
}
