package dev.cloze.job.input;

import dev.cloze.failure.ClozeException;
import java.util.List;
import java.util.SortedMap;

/**
 * Files of a corpus that could not be read.
 *
 * @param reasons why, on one line, by the files' paths
 */
public record UnreadableFiles(SortedMap<String, String> reasons) {
    private static final int NAMED = 3;

    /** The first few of {@code files}, and how many more there are. */
    public static String firstFew(List<String> files) {
        String more = files.size() > NAMED ? " and " + (files.size() - NAMED) + " more" : "";
        return String.join(", ", files.subList(0, Math.min(NAMED, files.size()))) + more;
    }

    /** The first of them by name, and how many more there are. */
    public String named() {
        return firstFew(List.copyOf(reasons.keySet()));
    }

    /** That they were left out, as a line. */
    public String skipped() {
        int count = reasons.size();
        String files = count == 1 ? "1 file" : count + " files";
        return "skipped " + files + " that cannot be read, see _manifest.json: " + named();
    }

    /** @param repair what a user may do about it */
    public ClozeException failure(String repair) {
        return ClozeException.corpus("read " + named(), reasons.get(reasons.firstKey()), repair, null);
    }
}
