package dev.cloze.job.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloze.job.testing.Runner;
import java.io.IOException;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.errors.QueryExecutionErrors;
import org.junit.jupiter.api.Test;

/** Rows here hold their cost. */
class ChunkCutterTest {
    private static final RowCost COST = row -> row.getInt(0);

    @Test
    void aPieceEndsWithTheRowThatReachesItsCost() {
        JavaRDD<Row> rows = rows(4, 6, 1, 8, 1, 20, 3);

        assertThat(cut(new ChunkCutter(10, 1), rows, COST)).containsExactly(List.of(2L, 3L, 1L, 1L));
        assertThat(cut(new ChunkCutter(100, 1), rows, COST)).containsExactly(List.of(7L));
        assertThat(cut(new ChunkCutter(1, 1), rows, COST)).containsExactly(List.of(1L, 1L, 1L, 1L, 1L, 1L, 1L));
        assertThat(cut(new ChunkCutter(10, 1), rows(), COST)).containsExactly(List.of());
    }

    @Test
    void rowsThatBelongTogetherAreNotCutApart() {
        assertThat(cut(new ChunkCutter(10, 1), rows(5, 5, 5, 5, 7, 7, 2), new Together()))
                .containsExactly(List.of(4L, 2L, 1L));
    }

    /** Rows of one cost belong together. */
    private static final class Together implements RowCost {
        private static final long serialVersionUID = 1L;

        @Override
        public long of(Row row) {
            return row.getInt(0);
        }

        @Override
        public boolean isChunkBoundary(Row before, Row next) {
            return before.getInt(0) != next.getInt(0);
        }
    }

    @Test
    void piecesThatAreTooSmallMakeAChunkTogether() {
        assertThat(cut(new ChunkCutter(1, 3), rows(1, 1, 1, 1, 1, 1, 1), COST)).containsExactly(List.of(3L, 3L, 1L));
        CutSplit cut = CutSplit.into(0, List.of(5L, 6L, 7L), List.of(50L, 60L, 70L));
        assertThat(cut.joined(1).rows()).containsExactly(5L, 6L, 7L);
        assertThat(cut.joined(2).rows()).containsExactly(11L, 7L);
        assertThat(cut.joined(2).costs()).containsExactly(110L, 70L);
        assertThat(cut.joined(4).rows()).containsExactly(18L);
    }

    /** Up to 32 chunks of a second each, then longer ones of up to twenty, then no more than 10,000 of them. */
    @Test
    void chunksOfALargeCorpusAreLarger() {
        assertThat(together(0)).isEqualTo(1);
        assertThat(together(32)).isEqualTo(1);
        assertThat(together(64)).isEqualTo(2);
        assertThat(together(640)).isEqualTo(20);
        assertThat(together(6_400)).isEqualTo(20);
        assertThat(together(300_000)).isEqualTo(31);
    }

    private static int together(int pieces) {
        List<CutSplit> cut = List.of(ones(0, pieces / 2), ones(1, pieces - pieces / 2));
        return new ChunkCutter(1_000, 1).joining(cut).together();
    }

    private static CutSplit ones(int partition, int pieces) {
        List<Long> ones = Collections.nCopies(pieces, 1L);
        return CutSplit.into(partition, ones, ones);
    }

    @Test
    void aPieceCostsWhatItsRowsDo() {
        List<CutSplit> cut = new ChunkCutter(10, 1).cut(rows(4, 6, 1, 8, 1, 20, 3), COST, Set.of(0));

        assertThat(cut.get(0).costs()).containsExactly(10L, 10L, 20L, 3L);
        assertThat(new ChunkCutter(10, 3).chunkCost()).isEqualTo(30);
    }

    @Test
    void aNumberOfPiecesSharesAllCostEvenly() {
        assertThat(ChunkCutter.into(OptionalInt.of(4), rows(10, 20, 30, 40), COST))
                .isEqualTo(new ChunkCutter(25, 1));
        assertThat(ChunkCutter.into(OptionalInt.of(500), rows(10, 20, 30, 40), COST))
                .isEqualTo(new ChunkCutter(1, 1));
        assertThat(ChunkCutter.into(OptionalInt.empty(), rows(10, 20, 30, 40), COST))
                .isEqualTo(new ChunkCutter(1_000, 1));
    }

    @Test
    void onlyWantedSplitsAreRead() {
        JavaRDD<Row> rows = rows(1, 1, 1, 1).repartition(1).union(failing(new IllegalStateException("read")));

        List<CutSplit> cut = new ChunkCutter(2, 1).cut(rows, COST, Set.of(0));

        assertThat(cut).extracting(CutSplit::partition).containsExactly(0);
        assertThat(cut.get(0).rows()).containsExactly(2L, 2L);
    }

    @Test
    void aSplitThatCannotBeReadHasAReasonAndHarmsNoOther() {
        JavaRDD<Row> rows = failing((Exception) QueryExecutionErrors.cannotReadFilesError(
                        new IOException("the file is\ncut off"), "file:/c/b.parquet"))
                .union(rows(1, 1, 1).repartition(1));

        List<CutSplit> cut = new ChunkCutter(2, 1).cut(rows, COST, Set.of(0, 1));

        assertThat(cut.get(0).problem())
                .hasValueSatisfying(
                        reason -> assertThat(reason).contains("the file is").hasLineCount(1));
        assertThat(cut.get(0).rows()).isEmpty();
        assertThat(cut.get(1).problem()).isEmpty();
        assertThat(cut.get(1).rows()).containsExactly(2L, 1L);
        assertThat(ChunkCutter.into(OptionalInt.of(1), rows, COST)).isEqualTo(new ChunkCutter(3, 1));
    }

    @Test
    void anyOtherFailureEndsTheRun() {
        JavaRDD<Row> rows = failing(new IllegalStateException("a bug"));

        assertThatThrownBy(() -> new ChunkCutter(2, 1).cut(rows, COST, Set.of(0)))
                .isInstanceOf(SparkException.class)
                .hasMessageContaining("a bug");
    }

    private static List<List<Long>> cut(ChunkCutter cutter, JavaRDD<Row> rows, RowCost cost) {
        return cutter.cut(rows, cost, Set.of(0)).stream().map(CutSplit::rows).toList();
    }

    private static JavaRDD<Row> rows(Integer... costs) {
        return context().parallelize(List.of(costs), 1).map(cost -> RowFactory.create(cost));
    }

    /** One partition, which ends with {@code failure} after its first row. */
    private static JavaRDD<Row> failing(Exception failure) {
        return rows(1).mapPartitions(first -> new Failing(first, failure));
    }

    private record Failing(Iterator<Row> rows, Exception failure) implements Iterator<Row> {
        @Override
        public boolean hasNext() {
            return true;
        }

        @Override
        public Row next() {
            if (rows.hasNext()) {
                return rows.next();
            }
            throw ChunkCutterTest.<RuntimeException>unchecked(failure);
        }
    }

    /** Spark throws checked exceptions that its iterators do not declare. */
    @SuppressWarnings("unchecked")
    private static <E extends Exception> E unchecked(Exception failure) throws E {
        throw (E) failure;
    }

    private static JavaSparkContext context() {
        SparkContext spark = Runner.spark().sparkContext();
        return JavaSparkContext.fromSparkContext(spark);
    }
}
