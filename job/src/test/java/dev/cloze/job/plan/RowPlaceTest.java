package dev.cloze.job.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalInt;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;

class RowPlaceTest {
    private static final RowPlace PLACE = new RowPlace(OptionalInt.of(1));

    @Test
    void aRowGetsTheFileAndTheNumberItHasThere() {
        Row row = RowFactory.create("an id", null, "a text");

        assertThat(PLACE.write(row, "/c/a.txt", 7))
                .isEqualTo(RowFactory.create("an id", RowFactory.create("/c/a.txt", 7L), "a text"));
    }

    @Test
    void aRowThatKnowsItsPlaceKeepsIt() {
        Row row = RowFactory.create("an id", RowFactory.create("/c/first.txt", 2L), "a text");

        assertThat(PLACE.write(row, "/out/_input/part-0.pq", 7)).isSameAs(row);
    }

    @Test
    void withoutAColumnForItRowsStayAsTheyAre() {
        Row row = RowFactory.create("an id", null, "a text");

        assertThat(new RowPlace(OptionalInt.empty()).write(row, "/c/a.txt", 7)).isSameAs(row);
    }
}
