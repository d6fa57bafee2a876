package dev.cloze.job.input;

import static org.apache.spark.sql.functions.col;

import dev.cloze.job.records.RecordFormat;
import dev.cloze.job.records.RecordOptions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Records of a corpus as rows of strings: the fields of each, and why it cannot be read. */
interface Records {
    Dataset<Row> load(RecordOptions options, Map<String, String> more);

    /** Those of {@code files}. */
    static Records of(CorpusFiles files, CorpusSession session) {
        return (options, more) -> files.load(() -> session.spark()
                .read()
                .format(RecordFormat.class.getName())
                .options(options.asOptions())
                .options(RecordFormat.counting(session.doubtful()))
                .options(session.corpus().reading().options())
                .options(more));
    }

    /** Columns of {@code data} but {@code others}. */
    static List<Column> columnsBut(Dataset<Row> data, List<String> others) {
        return Arrays.stream(data.columns())
                .filter(name -> !others.contains(name))
                .map(name -> col("`" + name.replace("`", "``") + "`"))
                .toList();
    }
}
