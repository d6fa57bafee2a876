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
        List<TokenizedDocument> tokenized(List<String> rows, int size, SubwordTokenizer tokenizer) {
            List<TokenizedDocument> all = rows.stream()
                    .map(row -> tokenizer.encode(Document.of("", row)))
                    .toList();
            TokenizedDocument joined = TokenizedDocument.join(all);
            return IntStream.range(0, joined.length() / size)
                    .mapToObj(k -> joined.keep(
                            IntStream.range(k * size, (k + 1) * size).toArray()))
                    .toList();
        }
    },
    /** Each row that is not blank, cut at the size. */
    LINE_BY_LINE {
        @Override
        List<TokenizedDocument> tokenized(List<String> rows, int size, SubwordTokenizer tokenizer) {
            return rows.stream()
                    .filter(row -> !WhiteSpace.isBlank(row))
                    .map(row -> new Windows(tokenizer.encode(Document.of("", row)), size)
                            .beginning()
                            .content())
                    .toList();
        }
    };

    /** Rows that are put together: the batch of {@code Dataset.map}. */
    public static final int ROWS = 1000;

    abstract List<TokenizedDocument> tokenized(List<String> rows, int size, SubwordTokenizer tokenizer);

    /**
     * The examples of up to {@value #ROWS} rows; their ids are {@code batch-number}.
     *
     * @param batch number of these rows' batch within the corpus, from 0
     * @param size tokens of an example, special ones included
     */
    public List<TokenizedDocument> of(long batch, List<String> rows, int size, SubwordTokenizer tokenizer) {
        List<TokenizedDocument> examples = new ArrayList<>();
        for (TokenizedDocument example : tokenized(rows, size, tokenizer)) {
            String id = batch + "-" + examples.size();
            examples.add(example.of(new Document(id, "", Optional.empty())));
        }
        return examples;
    }
}
