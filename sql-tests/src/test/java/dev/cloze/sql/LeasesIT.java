package dev.cloze.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloze.model.ModelRegistry;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** However a query ends, the model is given back. */
class LeasesIT {
    private static final long PATIENCE_SECONDS = 60;

    private final SparkSession spark = Sessions.spark();

    private void assertNothingIsHeld() throws InterruptedException {
        // A task that is killed gives back when it ends, which may be after its query did.
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (ModelRegistry.shared().leases() > 0 && System.nanoTime() < end) {
            Thread.sleep(50);
        }
        assertThat(ModelRegistry.shared().leases()).isZero();
    }

    @Test
    void aQueryThatWantsFewRowsHoldsNothing() throws Exception {
        spark.sql("SELECT fill_mask(concat('[MASK] ', id)) FROM range(100000) LIMIT 5")
                .collectAsList();

        assertNothingIsHeld();
    }

    @Test
    void aQueryThatFailsHoldsNothing() throws Exception {
        UDF1<Long, String> poison = id -> {
            if (id == 700) {
                throw new IllegalStateException("row 700");
            }
            return "[MASK] " + id;
        };
        spark.udf().register("poison", poison, DataTypes.StringType);

        assertThatThrownBy(() -> spark.sql("SELECT fill_mask(poison(id)) FROM range(2000)")
                        .collectAsList())
                .hasStackTraceContaining("row 700");

        assertNothingIsHeld();
    }

    /** Many rows; a row that wants thousands of candidates, with a figure each; a row of thousands of masks. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT sum(perplexity(concat(repeat('the man worked as a ', 10), id))) FROM range(1000000)",
                "SELECT augment(repeat('the man worked as a waiter in the capital of france . ', 300), 10000)",
                "SELECT size(fill_mask(repeat('[MASK] ', 300000), 1000)) FROM range(1)",
                "SELECT size(fill_mask(repeat('[MASK] ', 300), 1000, flatten(array_repeat(array('he', 'the', 'paris'), 3000))))"
                        + " FROM range(100)"
            })
    void aQueryThatIsCancelledHoldsNothing(String sql) throws Exception {
        CompletableFuture<Void> query =
                CompletableFuture.runAsync(() -> spark.sql(sql).collectAsList());
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (ModelRegistry.shared().leases() == 0 && System.nanoTime() < end) {
            Thread.sleep(20);
        }
        assertThat(ModelRegistry.shared().leases()).isPositive();

        spark.sparkContext().cancelAllJobs();

        assertThatThrownBy(() -> query.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isInstanceOf(ExecutionException.class);
        assertNothingIsHeld();
    }
}
