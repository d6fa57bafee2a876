package dev.cloze.job.files;

import java.io.IOException;
import java.net.URI;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.LocalFileSystem;

/**
 * Local files without {@code .crc} files beside them, which readers other than Spark take for data. Checksums that are there are
 * verified, and removed with their file when that is replaced. Parquet pages have checksums of their own.
 */
public final class PlainLocalFileSystem extends LocalFileSystem {
    private static final String LOCAL = "fs.file.impl";
    /** Hadoop would give out an instance of another class that it has made before. */
    private static final Map<String, String> OPTIONS =
            Map.of(LOCAL, PlainLocalFileSystem.class.getName(), LOCAL + ".disable.cache", "true");

    public PlainLocalFileSystem() {
        super(new PermissionsWithoutProcess());
    }

    @Override
    public void initialize(URI name, Configuration configuration) throws IOException {
        super.initialize(name, configuration);
        setWriteChecksum(false);
    }

    /** Options of Spark's writers that make them write so. */
    public static Map<String, String> options() {
        return OPTIONS;
    }

    /** Makes whoever asks {@code configuration} for local files write so. */
    public static Configuration in(Configuration configuration) {
        OPTIONS.forEach(configuration::set);
        return configuration;
    }
}
