package dev.cloze.job.files;

import dev.cloze.failure.Causes;
import dev.cloze.failure.ClozeException;
import dev.cloze.failure.NearMiss;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.util.VersionInfo;

/** File systems by the schemes of paths. */
public final class FileSystems {
    private static final String HADOOP = ":" + VersionInfo.getVersion();

    /** What has to be on the class path for a scheme. */
    private static final Map<String, String> PACKAGES = Map.of(
            "s3a", "org.apache.hadoop:hadoop-aws" + HADOOP,
            "gs", "com.google.cloud.bigdataoss:gcs-connector:hadoop3-2.2.22",
            "abfs", "org.apache.hadoop:hadoop-azure" + HADOOP,
            "abfss", "org.apache.hadoop:hadoop-azure" + HADOOP,
            "wasb", "org.apache.hadoop:hadoop-azure" + HADOOP,
            "wasbs", "org.apache.hadoop:hadoop-azure" + HADOOP,
            "oss", "org.apache.hadoop:hadoop-aliyun" + HADOOP,
            "cosn", "org.apache.hadoop:hadoop-cos" + HADOOP,
            "obs", "org.apache.hadoop:hadoop-huaweicloud" + HADOOP);

    /** Schemes that Hadoop serves no more, and the one of the same store that it does. */
    private static final Map<String, String> OTHERS = Map.of("s3", "s3a", "s3n", "s3a");

    private FileSystems() {}

    /**
     * What to do about {@code failure}, when it means that no file system of the path's scheme is at hand.
     *
     * @param what was to be done with the path
     */
    public static Optional<ClozeException> missing(String what, String path, Throwable failure) {
        String scheme = scheme(path);
        boolean isMissing = !scheme.isEmpty()
                && (Causes.first(failure, ClassNotFoundException.class, any -> true)
                                .isPresent()
                        || Causes.first(failure, NoClassDefFoundError.class, any -> true)
                                .isPresent()
                        || Causes.first(failure, IOException.class, e -> String.valueOf(e.getMessage())
                                        .startsWith("No FileSystem for scheme"))
                                .isPresent());
        return isMissing ? Optional.of(missing(what + " " + path, scheme)) : Optional.empty();
    }

    private static ClozeException missing(String what, String scheme) {
        if (PACKAGES.containsKey(scheme)) {
            return ClozeException.resources(
                    what,
                    "Spark does not bring the file system of " + scheme + ": along",
                    "add it with --packages " + PACKAGES.get(scheme) + " before the command",
                    null);
        }
        String repair = Optional.ofNullable(OTHERS.get(scheme))
                .or(() -> NearMiss.of(scheme, PACKAGES.keySet())
                        .or(() -> NearMiss.of(scheme, java.util.List.of("file", "hdfs", "viewfs", "webhdfs"))))
                .map(near -> "did you mean " + near + ":?")
                .orElse("check the path, or add the package of its file system with --packages before the command");
        return ClozeException.user(what, "there is no file system for " + scheme + ":", repair);
    }

    /** That of a path; empty when it has none. */
    private static String scheme(String path) {
        int colon = path.indexOf(':');
        String scheme = colon < 0 ? "" : path.substring(0, colon).toLowerCase(Locale.ROOT);
        return scheme.matches("[a-z][a-z0-9+.-]*") ? scheme : "";
    }

    /** The file system of {@code path}. */
    public static FileSystem of(Path path, Configuration hadoop) throws IOException {
        try {
            return path.getFileSystem(hadoop);
        } catch (IOException | RuntimeException | LinkageError e) {
            Optional<ClozeException> missing = missing("read corpus", path.toString(), e);
            if (missing.isPresent()) {
                throw missing.get();
            }
            throw e;
        }
    }
}
