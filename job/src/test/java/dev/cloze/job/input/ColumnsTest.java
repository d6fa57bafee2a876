package dev.cloze.job.input;

import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.createArrayType;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloze.failure.ClozeException;
import dev.cloze.job.records.RecordOptions;
import dev.cloze.job.testing.Runner;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ColumnsTest {
    private static final StructType SCHEMA = new StructType()
            .add("key", StringType)
            .add("a.b", StringType)
            .add("odd `name`", StringType)
            .add("n", IntegerType)
            .add("words", createArrayType(StringType))
            .add("answers", new StructType().add("text", createArrayType(StringType)))
            .add("turns", createArrayType(new StructType().add("role", StringType)))
            .add(RecordOptions.PROBLEM, StringType);
    private static final Row ROW = RowFactory.create(
            "k",
            "a dot",
            "odd",
            7,
            List.of("two", "words"),
            RowFactory.create(List.of("the", "answer")),
            List.of(RowFactory.create("user"), RowFactory.create("model")),
            null);

    private final Dataset<Row> data = Runner.spark().createDataFrame(List.of(ROW), SCHEMA);
    private final Columns columns = new Columns(data, () -> SCHEMA);

    @ParameterizedTest
    @CsvSource({
        "key,k",
        "a.b,a dot",
        "odd `name`,odd",
        "words,two words",
        "answers.text,the answer",
        "turns.role,user model"
    })
    void aColumnIsFoundByItsNameOrItsPath(String name, String text) {
        assertThat(first(columns.text(name))).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"kez,key", "answers.txt,answers.text", "turns.roles,turns.role"})
    void aWrongNameBringsTheNearest(String name, String near) {
        assertThatThrownBy(() -> columns.find(name))
                .isInstanceOf(ClozeException.class)
                .hasMessage(
                        "Cannot read column " + name + ": the corpus has the columns key, a.b, odd `name`, n, words,"
                                + " answers, answers.text, turns, turns.role; did you mean " + near + "?");
    }

    @Test
    void ofVeryManyColumnsAHundredAreNamed() {
        StructType many = new StructType(IntStream.range(0, 120)
                .mapToObj(i -> SCHEMA.apply("key")
                        .copy(
                                "column" + i,
                                StringType,
                                true,
                                SCHEMA.apply("key").metadata()))
                .toArray(org.apache.spark.sql.types.StructField[]::new));

        assertThatThrownBy(() -> new Columns(data, () -> many).find("zzz"))
                .hasMessageContaining("column98, column99 and 20 more; name one of them");
    }

    @Test
    void aCorpusWithoutColumnsIsExplained() {
        assertThatThrownBy(() -> new Columns(data, StructType::new).find("zzz"))
                .hasMessageContaining("no line of the corpus is a row with columns; check the files");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "*", "answers.*"})
    void columnsAreNamedOneByOne(String name) {
        assertThatThrownBy(() -> columns.find(name))
                .hasMessage("Cannot read column \"" + name + "\": it is no name; name columns one by one");
    }

    @Test
    void onlyStringsAndArraysOfThemAreText() {
        assertThatThrownBy(() -> columns.text("n"))
                .hasMessage("Cannot read text from column n: its type is int; name a column of strings or of arrays of"
                        + " strings");
        assertThatThrownBy(() -> columns.text("turns")).hasMessageContaining("its type is array<struct<role:string>>");
        assertThatThrownBy(() -> columns.text("answers"))
                .hasMessageContaining("its type is struct<text:array<string>>");
    }

    private String first(Column column) {
        return data.select(column).first().getString(0);
    }
}
