package dev.cloze.job.nights;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.when;

import dev.cloze.failure.ClozeException;
import dev.cloze.job.audit.AuditFiles;
import dev.cloze.job.audit.AuditHistory;
import dev.cloze.job.audit.DocumentRows;
import dev.cloze.job.audit.Interest;
import dev.cloze.job.audit.NightDocuments;
import dev.cloze.job.audit.NightSource;
import dev.cloze.job.input.CorpusSession;
import dev.cloze.job.terminal.Terminal;
import dev.cloze.rows.CorpusRow;
import dev.cloze.rows.SliceStates;
import dev.cloze.rows.StateRows;
import dev.cloze.stats.exemplar.Candidate;
import dev.cloze.stats.night.Night;
import dev.cloze.stats.night.Slice;
import dev.cloze.stats.night.SliceState;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.storage.StorageLevel;

/**
 * Nights whose documents are scored here. What costs little comes first: files that are as they were when the night was audited are not
 * opened, documents that an earlier night had keep their scores, and the model reads the others.
 *
 * @param history that the nights belong to
 * @param corpus where the documents are
 * @param sample of them that is scored
 * @param model that scores it
 */
public record ModelNights(
        AuditHistory history,
        NightCorpus corpus,
        NightSample sample,
        NightModel model,
        SparkSession spark,
        Terminal terminal)
        implements NightSource {

    @Override
    public Night night(LocalDate date) {
        begin();
        Map<Boolean, List<String>> places = corpus.places(date, spark);
        places.get(false)
                .forEach(place -> terminal.say(
                        "there is nothing at " + place + ": no document of " + date + " is taken from there"));
        return night(date, places.get(true)).orElseGet(() -> new Night(date, Map.of(Slice.CORPUS, SliceState.EMPTY)));
    }

    @Override
    public List<Night> nights(LocalDate first, LocalDate last) {
        begin();
        List<Night> nights = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (LocalDate date : first.datesUntil(last.plusDays(1)).toList()) {
            Map<Boolean, List<String>> places = corpus.places(date, spark);
            missing.addAll(places.get(false));
            night(date, places.get(true)).ifPresent(nights::add);
        }
        if (nights.isEmpty()) {
            requireThere(missing);
        } else if (!missing.isEmpty()) {
            terminal.say("there is nothing at " + firstFew(missing));
        }
        return nights;
    }

    @Override
    public NightDocuments documents() {
        return this::candidates;
    }

    private List<Candidate> candidates(LocalDate date, Slice slice, Interest interest) {
        List<String> places = corpus.places(date, spark).get(true);
        if (places.isEmpty()) {
            return List.of();
        }
        // What is to be said of these files was said when they were scored.
        try (CorpusSession session = corpus.session(places, spark, message -> {})) {
            Dataset<Row> texts = corpus.rows(session, date).withColumn(KnownScores.READ, lit(true));
            ScoreStore store = new ScoreStore(spark, files(), model.scale());
            return new DocumentRows(shown(new KnownScores(store, corpus.what(), date, texts)), List.of(slices()))
                    .candidates(slice, interest);
        }
    }

    /** The documents that are judged, with their texts. */
    private Dataset<Row> shown(KnownScores scores) {
        return joined(scores)
                .filter(coalesce(not(col(SliceStates.STAYED)), lit(true)))
                .withColumn(DocumentRows.ID, col(CorpusRow.ID).cast(DataTypes.StringType))
                .withColumn(DocumentRows.TEXT, col(CorpusRow.TEXT))
                .withColumn(DocumentRows.SURPRISALS, lit(null));
    }

    private void requireThere(List<String> missing) {
        if (!missing.isEmpty()) {
            throw ClozeException.user(
                    "read the documents of these nights",
                    "there is nothing at " + firstFew(missing),
                    "check --input, and the dates");
        }
    }

    private static String firstFew(List<String> places) {
        int few = 5;
        String named = String.join(", ", places.subList(0, Math.min(few, places.size())));
        return places.size() > few ? named + " and at " + (places.size() - few) + " more places" : named;
    }

    private void begin() {
        history.begin();
        AuditedInput.lastScale(files()).ifPresent(scale -> scale.requireSame(model.scale(), files().name()));
    }

    private AuditFiles files() {
        return history.files();
    }

    private Optional<Night> night(LocalDate date, List<String> places) {
        if (places.isEmpty()) {
            return Optional.empty();
        }
        List<String> identity = corpus.identity(places, spark);
        String fingerprint = AuditedInput.fingerprint(parts(date, identity));
        Optional<Night> before = identity.isEmpty() ? Optional.empty() : audited(date, fingerprint);
        if (before.isPresent()) {
            return before;
        }
        try (CorpusSession session = corpus.session(places, spark, terminal::say)) {
            Optional<Night> night = scored(date, session, fingerprint);
            session.sayDoubtful();
            night.filter(any -> !identity.isEmpty())
                    .ifPresent(each -> new AuditedInput(date.toString(), AuditHistory.contentOf(each), model.scale())
                            .write(files(), fingerprint));
            return night;
        }
    }

    private List<String> parts(LocalDate date, List<String> identity) {
        List<String> parts = new ArrayList<>(identity);
        parts.add(date.toString());
        parts.add(model.scale().key());
        parts.add(sample.toString());
        return parts;
    }

    /** The figures that the history holds of the night, if they were made from files that have not changed since. */
    private Optional<Night> audited(LocalDate date, String fingerprint) {
        return AuditedInput.find(files(), date, fingerprint)
                .flatMap(input -> history.stored(date, input.content(), spark));
    }

    private Optional<Night> scored(LocalDate date, CorpusSession session, String fingerprint) {
        Dataset<Row> texts = corpus.rows(session, date);
        Dataset<Row> looked = texts.withColumn(SliceStates.MARKS, SliceStates.marks(col(CorpusRow.TEXT)))
                .drop(CorpusRow.ID, CorpusRow.TEXT)
                .persist(StorageLevel.DISK_ONLY());
        try {
            ScoreStore store = new ScoreStore(spark, files(), model.scale());
            KnownScores scores = new KnownScores(
                    store, corpus.what(), date, looked.withColumn(KnownScores.READ, isRead(date, looked, store)));
            MissingScores missing = new MissingScores(store, model, date, fingerprint, terminal);
            missing.finishEarlier();
            scores.complete(texts, missing, terminal);
            return night(date, joined(scores));
        } finally {
            looked.unpersist();
        }
    }

    private Column isRead(LocalDate date, Dataset<Row> looked, ScoreStore store) {
        if (sample.isAll()) {
            return lit(true);
        }
        Dataset<Row> judged = corpus.what() == Delivery.SNAPSHOT ? KnownScores.arrivals(store, date, looked) : looked;
        return sample.of(judged, history.before(date, spark));
    }

    /** The documents with their figures, and whether they came before. */
    private Dataset<Row> joined(KnownScores scores) {
        Column isKnown = col(TextKey.NAME).isNotNull();
        WindowSpec same = Window.partitionBy(TextKey.NAME).orderBy(slices());
        return scores.documents()
                .withColumn(SliceStates.DATE, lit(scores.night()))
                .withColumn(SliceStates.UNSCORED, not(col(KnownScores.READ)))
                .withColumn(
                        SliceStates.COPY, when(isKnown, row_number().over(same).gt(1)));
    }

    /** Of several copies the first one by its slice is no copy, so that numbers of copies depend on no order of rows. */
    private Column[] slices() {
        return corpus.sliceColumns().isEmpty()
                ? new Column[] {lit(0)}
                : corpus.sliceColumns().stream()
                        .map(name -> col(NightCorpus.quoted(name)).cast("string"))
                        .toArray(Column[]::new);
    }

    private Optional<Night> night(LocalDate date, Dataset<Row> scored) {
        Map<Slice, SliceState> slices = new LinkedHashMap<>();
        SliceStates.of(scored, corpus.sliceColumns()).collectAsList().stream()
                .sorted(Comparator.comparing(StateRows::slice, Slice.BY_VALUES))
                .forEach(row -> slices.put(StateRows.slice(row), StateRows.state(row)));
        return slices.isEmpty() ? Optional.empty() : Optional.of(new Night(date, slices));
    }
}
