package dev.cloze.job.chunks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.executor.PartRow;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;

class ScoredPartsTest {
    @Test
    void everyPartHasItsOwnRows() {
        assertThat(parts(3, 0, 0, 1, 2, 2, 2)).containsExactly(List.of(0, 1), List.of(2), List.of(3, 4, 5));
    }

    /** Texts may have no candidates. */
    @Test
    void aPartMayHaveNoRows() {
        assertThat(parts(5, 1, 1, 3)).containsExactly(List.of(), List.of(0, 1), List.of(), List.of(2), List.of());
        assertThat(parts(2)).containsExactly(List.of(), List.of());
    }

    /** The rows of {@code count} parts, numbered; {@code of} says whose each is. */
    private static List<List<Integer>> parts(int count, int... of) {
        ScoredParts parts = new ScoredParts(IntStream.range(0, of.length)
                .mapToObj(i -> new PartRow(of[i], RowFactory.create(i)))
                .iterator());
        return IntStream.range(0, count).mapToObj(part -> rows(parts, part)).toList();
    }

    private static List<Integer> rows(ScoredParts parts, int part) {
        List<Row> rows = new ArrayList<>();
        parts.of(part).forEachRemaining(rows::add);
        return rows.stream().map(row -> row.getInt(0)).toList();
    }
}
