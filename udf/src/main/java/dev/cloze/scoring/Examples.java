package dev.cloze.scoring;

import dev.cloze.mask.Windows;
import dev.cloze.text.Document;
import dev.cloze.text.SubwordTokenizer;
import dev.cloze.text.TokenizedDocument;
import dev.cloze.text.WhiteSpace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** What becomes of the rows of a corpus in transformers' {@code run_mlm}: the examples that are masked and scored. */
public enum Examples {
    /**
     * Each row with its special tokens, all of them put together and cut into pieces of one size. What is left over at the end
     * is dropped.
     */
    BLOCKS {
        @Override
        List<TokenizedDocument> cut(List<TokenizedDocument> rows, int size) {
            TokenizedDocument joined = TokenizedDocument.join(rows);
            int whole = joined.length() / size * size;
            rows.clear();
            rows.add(joined.keep(IntStream.range(whole, joined.length()).toArray()));
            return IntStream.range(0, whole / size)
                    .mapToObj(k -> joined.keep(
                            IntStream.range(k * size, (k + 1) * size).toArray()))
                    .toList();
        }
    },
    /** Each row that is not blank, cut at the size. */
    LINE_BY_LINE {
        @Override
        List<TokenizedDocument> cut(List<TokenizedDocument> rows, int size) {
            List<TokenizedDocument> lines = rows.stream()
                    .filter(row -> !WhiteSpace.isBlank(row.document().text()))
                    .map(row -> new Windows(row, size).beginning().content())
                    .toList();
            rows.clear();
            return lines;
        }
    };

    /** Rows that are put together: the batch of {@code Dataset.map}. */
    public static final int ROWS = 1000;

    /** The examples that {@code rows} make; what is left for later ones stays in {@code rows}. */
    abstract List<TokenizedDocument> cut(List<TokenizedDocument> rows, int size);

    /**
     * Makes examples of the rows of one batch; their ids are {@code batch-number}.
     *
     * @param batch number of the batch within the corpus, from 0
     * @param size tokens of an example, special ones included
     */
    public Cutter cutter(long batch, int size, SubwordTokenizer tokenizer) {
        return new Cutter(batch, size, tokenizer);
    }

    /** The rows of a batch, one after the other; never more tokens are held than a row and an example have. */
    public final class Cutter {
        private final long batch;
        private final int size;
        private final SubwordTokenizer tokenizer;
        private final List<TokenizedDocument> left = new ArrayList<>();
        private int made;

        private Cutter(long batch, int size, SubwordTokenizer tokenizer) {
            this.batch = batch;
            this.size = size;
            this.tokenizer = tokenizer;
        }

        public long batch() {
            return batch;
        }

        /** The examples that this row completes. */
        public List<TokenizedDocument> add(String row) {
            left.add(tokenizer.encode(Document.of("", row)));
            List<TokenizedDocument> examples = new ArrayList<>();
            for (TokenizedDocument example : cut(left, size)) {
                examples.add(example.of(new Document(batch + "-" + made, "", Optional.empty())));
                made++;
            }
            return examples;
        }
    }
}
