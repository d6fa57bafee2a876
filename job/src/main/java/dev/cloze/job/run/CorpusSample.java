package dev.cloze.job.run;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.md5;
import static org.apache.spark.sql.functions.trim;

import dev.cloze.failure.ClozeException;
import dev.cloze.importing.CalibrationSample;
import dev.cloze.job.input.Corpus;
import dev.cloze.job.input.CorpusReader;
import dev.cloze.job.input.CorpusSession;
import dev.cloze.job.terminal.Terminal;
import dev.cloze.rows.CorpusRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;

/** Texts of a corpus to calibrate a model with: those with the smallest digests, so that the order of the corpus does not matter. */
public final class CorpusSample {
    private static final String STANDARD_INPUT = "-";
    /** Equal texts have equal digests, and count once. */
    private static final int LOOKED_AT = 8 * CalibrationSample.MOST;

    private CorpusSample() {}

    /** Reads all of the corpus once. */
    public static CalibrationSample of(Corpus corpus, Terminal terminal) {
        if (!corpus.texts().isEmpty()) {
            return CalibrationSample.of(corpus.texts());
        }
        if (corpus.inputs().contains(STANDARD_INPUT)) {
            throw ClozeException.user(
                    "make an 8-bit version of the model",
                    "it is made with a sample of the corpus, and standard input can be read once only",
                    "name a file of texts, one a line, with --calibration");
        }
        List<String> texts = new ArrayList<>();
        SparkSessions.with("cloze calibration", spark -> texts.addAll(texts(spark, corpus, terminal)));
        return new CalibrationSample(
                texts.stream().distinct().limit(CalibrationSample.MOST).toList());
    }

    private static List<String> texts(SparkSession spark, Corpus corpus, Terminal terminal) {
        try (CorpusSession session = new CorpusSession(spark, corpus, terminal::say)) {
            return new CorpusReader(session)
                    .read(Set.of())
                    .where(length(trim(col(CorpusRow.TEXT))).gt(0))
                    .orderBy(md5(col(CorpusRow.TEXT).cast(DataTypes.BinaryType)))
                    .limit(LOOKED_AT)
                    .select(CorpusRow.TEXT)
                    .as(Encoders.STRING())
                    .collectAsList();
        }
    }
}
