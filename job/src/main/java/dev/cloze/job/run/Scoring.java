package dev.cloze.job.run;

import dev.cloze.model.ModelSpec;
import dev.cloze.model.Purpose;
import java.util.Set;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** How documents become scored rows. */
public interface Scoring {

    /** What the model is opened for. */
    Purpose purpose();

    /** Names of the columns that scoring adds; the corpus may keep none of these names. */
    Set<String> columns();

    /** @param documents as {@link dev.cloze.job.corpus.CorpusReader} makes them */
    Dataset<Row> score(Dataset<Row> documents, Broadcast<ModelSpec> model);
}
