package dev.cloze.job.audit;

import dev.cloze.failure.ClozeException;
import dev.cloze.stats.judge.Decision;
import dev.cloze.stats.night.Night;
import dev.cloze.stats.night.Slice;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/**
 * A history of audited nights: {@code _history.json}, {@code runs}, {@code verdicts} and {@code decisions}.
 *
 * @param files of its directory
 * @param record what all nights have in common
 */
public record AuditHistory(AuditFiles files, HistoryRecord record) {
    private static final String VERDICTS = "verdicts";
    private static final String DECISIONS = "decisions";
    private static final String VERDICT = "verdict-";
    private static final String JSON = ".json";

    /** Names that sort by time. */
    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    /**
     * The history in {@code directory}, or one that {@link #begin} writes there.
     *
     * @param corpus name; that of the directory when absent
     * @param sliceBy columns that slices are made by
     */
    public static AuditHistory of(
            String directory, Optional<String> corpus, List<String> sliceBy, Configuration hadoop) {
        AuditFiles files = AuditFiles.in(directory, hadoop);
        Optional<HistoryRecord> there = read(files);
        HistoryRecord asked = new HistoryRecord(
                HistoryRecord.FORMAT,
                corpus.or(() -> there.map(HistoryRecord::corpus))
                        .orElse(files.directory().getName()),
                sliceBy);
        there.ifPresent(record -> record.requireSame(asked, files.name()));
        return new AuditHistory(files, asked);
    }

    /** Writes down what all nights have in common, unless that is there. */
    public void begin() {
        boolean isFirst = !files.exists(files.place(HistoryRecord.FILE));
        if (isFirst && (files.exists(files.place(Reports.LATEST)) || files.exists(files.place(Reports.REPORTS)))) {
            throw ClozeException.user(
                    "begin a history in " + files.name(),
                    "it has " + Reports.LATEST + " or " + Reports.REPORTS + " that no audit has written",
                    "give --history a directory of its own");
        }
        files.write(files.place(HistoryRecord.FILE), record);
        // Another writer may have been first.
        read(files).orElseThrow().requireSame(record, files.name());
    }

    /** The history in {@code directory}; fails when there is none. */
    public static AuditHistory open(String directory, Configuration hadoop) {
        AuditFiles files = AuditFiles.in(directory, hadoop);
        HistoryRecord record = read(files)
                .orElseThrow(() -> ClozeException.user(
                        "use the history " + files.name(),
                        "there is no " + HistoryRecord.FILE + " in it",
                        "name the --history of an audit"));
        return new AuditHistory(files, record);
    }

    private static Optional<HistoryRecord> read(AuditFiles files) {
        Path place = files.place(HistoryRecord.FILE);
        if (!files.exists(place)) {
            return Optional.empty();
        }
        HistoryRecord record = files.read(place, HistoryRecord.class, HistoryRecord::whole);
        record.requireKnown(files.name());
        return Optional.of(record);
    }

    /** Columns that slices are made by. */
    public List<String> sliceBy() {
        return record.sliceBy();
    }

    StoredNights runs(SparkSession spark) {
        return new RunFiles(spark, files, record.sliceBy());
    }

    /** A digest of all figures of {@code night}. */
    public static String contentOf(Night night) {
        return StoredNight.of(night, 1).content();
    }

    /** The night {@code date} with that {@link #contentOf}, if it is stored. */
    public Optional<Night> stored(LocalDate date, String content, SparkSession spark) {
        return new RunFiles(spark, files, record.sliceBy())
                .on(date).stream()
                        .filter(night -> night.content().equals(content))
                        .map(StoredNight::night)
                        .findFirst();
    }

    /** The last night before {@code date}. */
    public Optional<Night> before(LocalDate date, SparkSession spark) {
        return dates().stream()
                .filter(each -> each.isBefore(date))
                .reduce((earlier, later) -> later)
                .map(last -> StoredNight.counting(new RunFiles(spark, files, record.sliceBy()).on(last))
                        .night());
    }

    /** The dates that were audited, sorted. */
    List<LocalDate> dates() {
        return files.dates(files.place(RunFiles.RUNS));
    }

    /** All verdicts on {@code date}, the first one first. */
    List<VerdictRecord> verdicts(LocalDate date) {
        return files.list(files.place(VERDICTS, AuditFiles.DATE + date), VERDICT, JSON).stream()
                .map(file -> files.read(file, VerdictRecord.class, VerdictRecord::whole))
                .sorted(Comparator.comparingInt(VerdictRecord::sequence).thenComparing(VerdictRecord::run))
                .toList();
    }

    /** The last verdict on every date that has one. */
    TreeMap<LocalDate, VerdictRecord> lastVerdicts() {
        TreeMap<LocalDate, VerdictRecord> last = new TreeMap<>();
        for (LocalDate date : files.dates(files.place(VERDICTS))) {
            verdicts(date).forEach(verdict -> last.put(date, verdict));
        }
        return last;
    }

    /** The last verdict on {@code date}, if it has one. */
    Optional<VerdictRecord> lastVerdict(LocalDate date) {
        return verdicts(date).stream().reduce((earlier, later) -> later);
    }

    /** The last verdict on every date that has one, without its checks. */
    List<VerdictLine> lines() {
        return files.dates(files.place(VERDICTS)).stream()
                .flatMap(date -> files.list(files.place(VERDICTS, AuditFiles.DATE + date), VERDICT, JSON).stream()
                        .map(file -> files.read(file, VerdictLine.class, VerdictLine::whole))
                        .max(Comparator.comparingInt(VerdictLine::sequence).thenComparing(VerdictLine::run))
                        .stream())
                .toList();
    }

    /** The slices that were judged on any night. */
    Set<Slice> slices() {
        return lastVerdicts().values().stream()
                .flatMap(verdict -> verdict.checks().stream())
                .map(check -> VerdictRecord.slice(check.slice()))
                .collect(Collectors.toSet());
    }

    void write(VerdictRecord verdict) {
        String digest = StoredNight.digest(AuditFiles.bytes(verdict));
        files.write(files.place(VERDICTS, AuditFiles.DATE + verdict.date(), VERDICT + digest + JSON), verdict);
    }

    /** What was decided until now, in the order of the times. */
    List<Decision> decisions() {
        return decided().stream().map(DecisionRecord::decided).toList();
    }

    /** The same with who decided it, and why. */
    List<DecisionRecord> decided() {
        return files.list(files.place(DECISIONS), "", JSON).stream()
                .map(file -> files.read(file, DecisionRecord.class, DecisionRecord::whole))
                .toList();
    }

    void decide(DecisionRecord decision, Instant now) {
        files.write(files.place(DECISIONS, NAME.format(now) + "-" + UUID.randomUUID() + JSON), decision);
    }
}
