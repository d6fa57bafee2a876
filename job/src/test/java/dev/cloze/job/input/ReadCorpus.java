package dev.cloze.job.input;

import dev.cloze.job.testing.Runner;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Row;

/**
 * Corpora as a run reads them, without a model that scores them.
 *
 * @param inputs what {@code --input} names
 * @param encoding of {@code --encoding}
 * @param idColumn of {@code --id-column}
 * @param keep of {@code --keep}
 */
record ReadCorpus(List<String> inputs, Optional<String> encoding, Optional<String> idColumn, List<String> keep) {
    static ReadCorpus of(Object... inputs) {
        return new ReadCorpus(
                Arrays.stream(inputs).map(Object::toString).toList(), Optional.empty(), Optional.empty(), List.of());
    }

    ReadCorpus withEncoding(String name) {
        return new ReadCorpus(inputs, Optional.of(name), idColumn, keep);
    }

    ReadCorpus withId(String column) {
        return new ReadCorpus(inputs, encoding, Optional.of(column), keep);
    }

    ReadCorpus keeping(String... columns) {
        return new ReadCorpus(inputs, encoding, idColumn, List.of(columns));
    }

    /**
     * What was read.
     *
     * @param rows of the corpus, in any order
     * @param said messages for the terminal
     */
    record Rows(List<Row> rows, List<String> said) {
        List<String> texts() {
            return column("cloze_text");
        }

        List<String> ids() {
            return column("id");
        }

        List<String> column(String name) {
            return rows.stream()
                    .map(row -> String.valueOf(row.<Object>getAs(name)))
                    .toList();
        }
    }

    Rows read() {
        Corpus corpus = new Corpus(
                List.of(),
                inputs,
                new Corpus.Reading(Optional.empty(), Map.of(), encoding),
                new Corpus.Columns(Optional.empty(), Optional.empty(), idColumn, keep, Corpus.RowColumn.NONE));
        List<String> said = new ArrayList<>();
        try (CorpusSession session = new CorpusSession(Runner.spark(), corpus, said::add)) {
            List<Row> rows = new CorpusReader(session).read(Set.of()).collectAsList();
            session.sayDoubtful();
            return new Rows(rows, said);
        }
    }
}
