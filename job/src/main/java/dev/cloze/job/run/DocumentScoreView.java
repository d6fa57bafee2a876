package dev.cloze.job.run;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.mean;
import static org.apache.spark.sql.functions.sum;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** A line for each document, and the corpus below them. */
public final class DocumentScoreView implements RowView {
    private static final String FIGURE = "%.4f";

    @Override
    public Table table() {
        return new Table(List.of(
                Table.Column.text("id"),
                Table.Column.number("tokens"),
                Table.Column.number("nll"),
                Table.Column.number("cross_entropy"),
                Table.Column.number("perplexity"),
                Table.Column.text("status")));
    }

    @Override
    public List<List<String>> lines(Row row) {
        return List.of(List.of(
                String.valueOf(row.get(row.fieldIndex("id"))),
                String.valueOf(row.getInt(row.fieldIndex("tokens"))),
                figure(row, "nll"),
                figure(row, "cross_entropy"),
                figure(row, "perplexity"),
                row.isNullAt(row.fieldIndex("error"))
                        ? row.getString(row.fieldIndex("status"))
                        : row.getString(row.fieldIndex("status")) + ": " + row.getString(row.fieldIndex("error"))));
    }

    private static String figure(Row row, String column) {
        int index = row.fieldIndex(column);
        return row.isNullAt(index) ? "" : String.format(Locale.ROOT, FIGURE, row.getDouble(index));
    }

    @Override
    public boolean hasSummary() {
        return true;
    }

    /**
     * The corpus: sums, and what they make. The perplexity is exp(ΣNLL / Σtokens); the mean of the documents' perplexities is
     * another figure and has its own name.
     */
    @Override
    public Map<String, Object> summary(Dataset<Row> rows) {
        Row sums = rows.filter(col("status").equalTo("ok"))
                .agg(count(lit(1)), sum("tokens_scored"), sum("words"), sum("bytes"), sum("nll"), mean("perplexity"))
                .head();
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("documents", sums.getLong(0));
        if (sums.getLong(0) > 0) {
            double nll = sums.getDouble(4);
            summary.put("tokens_scored", sums.getLong(1));
            summary.put("words", sums.getLong(2));
            summary.put("bytes", sums.getLong(3));
            summary.put("nll", nll);
            summary.put("cross_entropy", nll / sums.getLong(1));
            summary.put("perplexity", Math.exp(nll / sums.getLong(1)));
            summary.put("word_perplexity", Math.exp(nll / sums.getLong(2)));
            summary.put("bits_per_byte", nll / (sums.getLong(3) * Math.log(2)));
            summary.put("mean_document_perplexity", sums.getDouble(5));
        }
        return summary;
    }
}
