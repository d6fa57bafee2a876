package dev.cloze.job.files;

import java.util.Set;
import org.apache.hadoop.fs.FileSystem;

/** Where a rename is a copy, and an object appears when it is complete. */
public final class ObjectStores {
    private static final Set<String> SCHEMES =
            Set.of("s3", "s3a", "s3n", "gs", "oss", "cos", "cosn", "obs", "wasb", "wasbs");

    private ObjectStores() {}

    /** Whether {@code files} is one. */
    public static boolean holds(FileSystem files) {
        return SCHEMES.contains(files.getUri().getScheme());
    }
}
