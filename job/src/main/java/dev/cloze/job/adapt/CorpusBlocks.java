package dev.cloze.job.adapt;

import dev.cloze.adapt.Block;
import dev.cloze.job.chunks.ChunkedRun;
import dev.cloze.job.input.Corpus;
import dev.cloze.job.input.CorpusReader;
import dev.cloze.job.input.CorpusSession;
import dev.cloze.job.terminal.Terminal;
import dev.cloze.rows.CorpusRow;
import dev.cloze.scoring.Examples;
import dev.cloze.text.SubwordTokenizer;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.StreamSupport;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Reads texts into blocks, in the order of the corpus, whatever the cluster.
 *
 * @param examples what becomes of rows
 * @param size tokens of a block
 * @param tokenizer of the model
 */
record CorpusBlocks(SparkSession spark, Examples examples, int size, SubwordTokenizer tokenizer, Terminal terminal) {
    List<Block> of(Corpus corpus) {
        ChunkedRun.readInChunks(spark);
        try (CorpusSession session = new CorpusSession(spark, corpus, terminal::say)) {
            Dataset<Row> rows = new CorpusReader(session).read(Set.of());
            List<Block> blocks = Block.cut(texts(CorpusRow.readable(rows)), examples, size, tokenizer);
            sayUnreadable(CorpusRow.unreadable(rows).count());
            session.sayDoubtful();
            return blocks;
        }
    }

    private static Iterator<String> texts(Dataset<Row> rows) {
        Iterator<Row> all = rows.select(CorpusRow.TEXT).toLocalIterator();
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(all, Spliterator.ORDERED), false)
                .filter(row -> !row.isNullAt(0))
                .map(row -> row.getString(0))
                .iterator();
    }

    private void sayUnreadable(long rows) {
        if (rows > 0) {
            terminal.say(String.format(Locale.ROOT, "%,d rows could not be read and are left out", rows));
        }
    }
}
