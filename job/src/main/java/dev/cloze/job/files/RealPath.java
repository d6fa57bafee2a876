package dev.cloze.job.files;

import dev.cloze.failure.ClozeException;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Where a path leads when links of this machine's file system are followed. */
public final class RealPath {
    private static final String LOCAL = "file";

    private RealPath() {}

    /** The qualified path; what does not exist yet is where its nearest directory leads. */
    public static Path of(FileSystem files, Path path) throws IOException {
        Path qualified = files.makeQualified(path);
        return LOCAL.equals(qualified.toUri().getScheme()) ? real(qualified) : qualified;
    }

    private static Path real(Path local) throws IOException {
        java.nio.file.Path path = java.nio.file.Path.of(local.toUri().getPath());
        java.nio.file.Path there = path;
        while (there != null && !Files.exists(there)) {
            there = there.getParent();
        }
        if (there == null || there.equals(path) && path.toRealPath().equals(path)) {
            return local;
        }
        java.nio.file.Path real = there.toRealPath().resolve(there.relativize(path));
        return real.equals(path) ? local : new Path(LOCAL, null, real.toString());
    }

    /** Fails when somebody stands or lives in {@code place}, which is to be replaced. */
    public static void requireNotInUse(Path place) throws IOException {
        if (!LOCAL.equals(place.toUri().getScheme())) {
            return;
        }
        java.nio.file.Path replaced = java.nio.file.Path.of(place.toUri().getPath());
        for (String property : List.of("user.dir", "user.home")) {
            java.nio.file.Path used = java.nio.file.Path.of(System.getProperty(property));
            if (Files.exists(used) && used.toRealPath().startsWith(replaced)) {
                String what = property.equals("user.dir") ? "the working directory" : "the home directory";
                throw ClozeException.user(
                        "replace " + replaced,
                        what + " is or lies in it",
                        "choose another --output, or leave the directory first");
            }
        }
    }
}
