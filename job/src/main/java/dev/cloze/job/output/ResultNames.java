package dev.cloze.job.output;

import dev.cloze.job.plan.PlanFile;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.FileStatus;

/**
 * Names that runs, and Spark's writers for them, give to what they put into a directory.
 *
 * @param files of files
 * @param directories of directories
 */
public record ResultNames(Pattern files, Pattern directories) {
    /** Every time that a command wrote here; there before anything else. */
    static final String HISTORY = ".cloze";
    /** How the corpus is cut into chunks; without it they mean nothing. */
    static final String PLAN = PlanFile.NAME;
    /** A corpus that does not lie in files, copied once. */
    static final String COPY = "_input";
    /** Chunks that are being written. */
    public static final String UNFINISHED = "_unfinished";
    /** Rows that failed, once more. */
    static final String FAILED = "_failed";
    /** What groups of rows add up to, so that it can be added to that of other runs. */
    static final String STATES = "_states";
    /** What all rows add up to. */
    static final String SUMMARY = "_summary.json";
    /** What was run, and what became of the rows. */
    static final String MANIFEST = "_manifest.json";
    /** The mark that all is there. */
    static final String SUCCESS = "_SUCCESS";

    /** The beginning of the name of what a command notes of one time. */
    static final String ATTEMPT = "attempt-";

    /** Rows of results. */
    static final Pattern CHUNK = Pattern.compile("chunk-[0-9a-f]{20}\\.zstd\\.parquet");

    private static final String PART = "part-\\d{5,}-[0-9a-f]{8}-[0-9a-f-]{27}.*";
    private static final String PLANS = Pattern.quote(PLAN) + "(\\.next.*)?";

    private static final Pattern OUTER_DIRECTORIES =
            Pattern.compile("_temporary|" + anyOf(COPY, UNFINISHED, STATES, FAILED, HISTORY));
    private static final String COMPLETE = anyOf(SUCCESS, MANIFEST);

    private static final ResultNames CHUNKS = new ResultNames(
            withChecksums(COMPLETE + "|" + anyOf(SUMMARY) + "|" + PLANS + "|" + CHUNK), OUTER_DIRECTORIES);
    /** Of results that Spark's own writer wrote. */
    private static final ResultNames TABLE = new ResultNames(withChecksums(COMPLETE + "|" + PART), OUTER_DIRECTORIES);
    /** In directories of these. */
    static final ResultNames WITHIN = new ResultNames(
            withChecksums(anyOf(SUCCESS) + "|" + PART + "|" + CHUNK + "\\..*|" + ATTEMPT + ".*"),
            Pattern.compile("_temporary|\\d+|(task|attempt)_.*"));

    /**
     * The order in which a directory is removed: what tells that all is there, and figures, go first; what tells whose it is goes
     * last, so that a removal that was interrupted can be taken up again.
     */
    private static final List<Pattern> ORDER = List.of(
            Pattern.compile(anyOf(SUCCESS)),
            Pattern.compile(anyOf(MANIFEST, SUMMARY)),
            Pattern.compile("(?!" + PLANS + "|" + anyOf(HISTORY) + "$).*"),
            Pattern.compile(PLANS),
            Pattern.compile(anyOf(HISTORY)));

    private static String anyOf(String... names) {
        return Arrays.stream(names).map(Pattern::quote).collect(Collectors.joining("|"));
    }

    private static Pattern withChecksums(String names) {
        return Pattern.compile("(" + names + ")|\\.(" + names + ")\\.crc");
    }

    /** Those of results in chunks. */
    static ResultNames ofChunks() {
        return CHUNKS;
    }

    /** Those of results that have {@code content}. */
    static ResultNames of(FileStatus[] content) {
        boolean chunks = Arrays.stream(content)
                .map(status -> status.getPath().getName())
                .anyMatch(name -> CHUNKS.files.matcher(name).matches()
                        && !TABLE.files.matcher(name).matches());
        return chunks ? CHUNKS : TABLE;
    }

    static boolean isChunk(String name) {
        return CHUNK.matcher(name).matches();
    }

    /** Whether a file of that name tells what was run. */
    static boolean isRecord(String name) {
        return name.matches(PLANS + "|" + anyOf(MANIFEST));
    }

    boolean matches(FileStatus status) {
        Pattern expected = status.isDirectory() ? directories : files;
        return expected.matcher(status.getPath().getName()).matches();
    }

    /** Place of {@code name} when a directory is removed. */
    static int order(String name) {
        for (int i = 0; i < ORDER.size(); i++) {
            if (ORDER.get(i).matcher(name).matches()) {
                return i;
            }
        }
        throw new IllegalArgumentException(name);
    }
}
