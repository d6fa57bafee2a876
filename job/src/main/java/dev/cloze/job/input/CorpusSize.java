package dev.cloze.job.input;

import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** How large a corpus is, as its file system says; none of its files is read. */
public final class CorpusSize {
    private CorpusSize() {}

    /** Bytes in all files, directories and globs of {@code inputs}, each counted once. */
    public static long bytes(List<String> inputs, Configuration hadoop) {
        try {
            long bytes = 0;
            for (Path path : Roots.of(inputs, hadoop).paths()) {
                bytes += path.getFileSystem(hadoop).getContentSummary(path).getLength();
            }
            return bytes;
        } catch (IOException e) {
            throw ReadFailure.unreadable(String.join(", ", inputs), e);
        }
    }
}
