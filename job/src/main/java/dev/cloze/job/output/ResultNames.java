package dev.cloze.job.output;

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
record ResultNames(Pattern files, Pattern directories) {
    private static final String PART = "part-\\d{5,}-[0-9a-f]{8}-[0-9a-f-]{27}.*";
    private static final String PLAN = Pattern.quote(RunDirectory.PLAN) + "(\\.next.*)?";

    private static final Pattern OUTER_DIRECTORIES = Pattern.compile("_temporary|"
            + anyOf(
                    RunDirectory.COPY,
                    RunDirectory.UNFINISHED,
                    RunDirectory.STATES,
                    RunDirectory.FAILED,
                    RunDirectory.HISTORY));
    private static final String COMPLETE = anyOf(RunDirectory.SUCCESS, RunDirectory.MANIFEST);

    private static final ResultNames CHUNKS = new ResultNames(
            withChecksums(COMPLETE + "|" + anyOf(RunDirectory.SUMMARY) + "|" + PLAN + "|" + RunDirectory.CHUNK),
            OUTER_DIRECTORIES);
    /** Of results that Spark's own writer wrote. */
    private static final ResultNames TABLE = new ResultNames(withChecksums(COMPLETE + "|" + PART), OUTER_DIRECTORIES);
    /** In directories of these. */
    static final ResultNames WITHIN = new ResultNames(
            withChecksums(anyOf(RunDirectory.SUCCESS) + "|" + PART + "|" + RunDirectory.CHUNK + "\\..*|"
                    + RunHistory.ATTEMPT + ".*"),
            Pattern.compile("_temporary|\\d+|(task|attempt)_.*"));

    /**
     * The order in which a directory is removed: what tells that all is there, and figures, go first; what tells whose it is goes
     * last, so that a removal that was interrupted can be taken up again.
     */
    private static final List<Pattern> ORDER = List.of(
            Pattern.compile(anyOf(RunDirectory.SUCCESS)),
            Pattern.compile(anyOf(RunDirectory.MANIFEST, RunDirectory.SUMMARY)),
            Pattern.compile("(?!" + PLAN + "|" + anyOf(RunDirectory.HISTORY) + "$).*"),
            Pattern.compile(PLAN),
            Pattern.compile(anyOf(RunDirectory.HISTORY)));

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
        return RunDirectory.CHUNK.matcher(name).matches();
    }

    /** Whether a file of that name tells what was run. */
    static boolean isRecord(String name) {
        return name.matches(PLAN + "|" + anyOf(RunDirectory.MANIFEST));
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
