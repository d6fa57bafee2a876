package dev.cloze.executor;

import dev.cloze.rows.CorpusRow;
import dev.cloze.rows.ResultRow;
import dev.cloze.rows.ResultRows;
import dev.cloze.scoring.Outcome;
import dev.cloze.scoring.Scorer;
import dev.cloze.scoring.Status;
import dev.cloze.text.Document;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * Makes documents of {@link CorpusRow}s, and rows of their outcomes: the carried columns, the task's results, {@code status} and {@code
 * error}. A task may make several rows of one, or none.
 */
final class RowConversion<R> {
    private final ResultRows<R> results;
    private CorpusRow reader;

    private RowConversion(ResultRows<R> results) {
        this.results = results;
    }

    /** The rows that {@code scorer} makes of {@code rows}, in their order. */
    static <R> Iterator<PartRow> scored(Iterator<PartRow> rows, Scorer<R> scorer, ResultRows<R> results) {
        RowConversion<R> conversion = new RowConversion<>(results);
        return new ScoredRows<>(rows, row -> conversion.document(row.row()), scorer, conversion::rows);
    }

    private Document document(Row row) {
        reader = reader == null ? CorpusRow.of(row.schema()) : reader;
        return new Document(CorpusRow.name(row.get(0)), reader.text(row), reader.pair(row), reader.parameters(row));
    }

    /** The rows of a document. */
    private List<PartRow> rows(PartRow of, Outcome<R> scored) {
        Row row = of.row();
        Outcome<R> outcome = reader.problem(row)
                .map(problem -> Outcome.<R>none(Status.FAILED, problem))
                .orElse(scored);
        return results.rows(outcome).stream()
                .map(result -> new PartRow(of.part(), row(row, result)))
                .toList();
    }

    private Row row(Row row, ResultRow result) {
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < reader.carried(); i++) {
            values.add(row.get(i));
        }
        values.addAll(result.values());
        values.add(result.status().label());
        values.add(result.error().orElse(null));
        return RowFactory.create(values.toArray());
    }
}
