package dev.cloze.rows;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.job.testing.Runner;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

/** What is written by name is read by position. */
class CorpusRowTest {
    private static final StructType CARRIED =
            new StructType().add(CorpusRow.ID, DataTypes.LongType).add("a`b.c", DataTypes.StringType);

    private static Dataset<Row> rows(Row... rows) {
        return Runner.spark().createDataFrame(List.of(rows), CorpusRow.schema(CARRIED));
    }

    @Test
    void whatWasWrittenIsRead() {
        Row row =
                rows(RowFactory.create(7L, "kept", "a text", "its pair", null)).first();
        CorpusRow reader = CorpusRow.of(row.schema());

        assertThat(reader.carried()).isEqualTo(2);
        assertThat(reader.text(row)).isEqualTo("a text");
        assertThat(reader.pair(row)).contains("its pair");
        assertThat(reader.problem(row)).isEmpty();
        assertThat(reader.parameters(row)).isEmpty();
    }

    @Test
    void aRowThatCouldNotBeReadHasNoTextAndAReason() {
        Row row = rows(RowFactory.create(7L, null, null, null, "broken")).first();
        CorpusRow reader = CorpusRow.of(row.schema());

        assertThat(reader.text(row)).isEmpty();
        assertThat(reader.pair(row)).isEmpty();
        assertThat(reader.problem(row)).contains("broken");
    }

    @Test
    void parametersStandBetweenCarriedColumnsAndTheText() {
        Map<String, Column> parameters = new LinkedHashMap<>();
        parameters.put("count", col(CorpusRow.ID).cast("int"));
        parameters.put("spans", array(lit(1), lit(2)));
        parameters.put("absent", lit(null).cast("string"));
        Dataset<Row> rows =
                CorpusRow.withParameters(rows(RowFactory.create(7L, "kept", "text", null, null)), parameters);
        Row row = rows.first();
        CorpusRow reader = CorpusRow.of(rows.schema());

        assertThat(reader.carried()).isEqualTo(2);
        assertThat(row.getString(1)).isEqualTo("kept");
        assertThat(reader.parameters(row)).isEqualTo(Map.of("count", 7, "spans", List.of(1, 2)));
        assertThat(row.getInt(reader.parameterIndex("count"))).isEqualTo(7);
        assertThat(reader.text(row)).isEqualTo("text");
        assertThat(row.getString(reader.textIndex())).isEqualTo("text");
    }

    @Test
    void rowsThatCouldBeReadAreApartFromThoseThatCouldNot() {
        Dataset<Row> rows = rows(
                RowFactory.create(1L, null, "text", null, null), RowFactory.create(2L, null, null, null, "broken"));

        assertThat(CorpusRow.readable(rows).collectAsList())
                .extracting(row -> row.getLong(0))
                .containsExactly(1L);
        assertThat(CorpusRow.unreadable(rows).collectAsList())
                .extracting(row -> row.getLong(0))
                .containsExactly(2L);
    }

    @Test
    void namesThatBelongToTheRowAreReservedInAnyCase() {
        assertThat(List.of("cloze_text", "CLOZE_x", "Cloze_")).allMatch(CorpusRow::isReserved);
        assertThat(List.of("cloze", "text", "id", "xcloze_")).noneMatch(CorpusRow::isReserved);
    }
}
