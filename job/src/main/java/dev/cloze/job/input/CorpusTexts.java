package dev.cloze.job.input;

import dev.cloze.rows.CorpusRow;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.catalyst.expressions.GenericRowWithSchema;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The texts of a command line as rows of a corpus, numbered from 1. */
public final class CorpusTexts {
    /** Stands for the file of these texts. */
    private static final String FILE = "--text";

    /** The columns. */
    public static final StructType SCHEMA =
            CorpusRow.schema(new StructType().add(CorpusRow.ID, DataTypes.StringType));

    /** The same, with the place of each row. */
    static final StructType PLACED = CorpusRow.schema(
            new StructType().add(CorpusRow.ID, DataTypes.StringType).add(CorpusReader.ROW, CorpusReader.ROW_TYPE));

    private CorpusTexts() {}

    /** Rows of {@link #SCHEMA}. */
    public static List<Row> rows(List<String> texts) {
        return IntStream.range(0, texts.size())
                .mapToObj(i -> (Row) new GenericRowWithSchema(new Object[] {id(i), texts.get(i), null, null}, SCHEMA))
                .toList();
    }

    /** Rows of {@link #PLACED}. */
    static List<Row> placed(List<String> texts) {
        return IntStream.range(0, texts.size())
                .mapToObj(i ->
                        RowFactory.create(id(i), RowFactory.create(FILE, (long) i), texts.get(i), null, null))
                .toList();
    }

    private static String id(int index) {
        return Integer.toString(index + 1);
    }
}
