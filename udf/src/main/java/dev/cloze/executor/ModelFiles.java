package dev.cloze.executor;

import dev.cloze.bundle.Bundle;
import dev.cloze.bundle.BundleStore;
import dev.cloze.model.ModelSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.SparkFiles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a model's files to the node where they are needed: they lie there already, came with the job ({@code --archives}), or are
 * copied once a node from a file system that Hadoop knows, into a directory that is named by the model's digest.
 */
public final class ModelFiles {
    private static final Logger LOG = LoggerFactory.getLogger(ModelFiles.class);
    private static final String FILE = "file:";
    private static final long MILLION = 1_000_000;

    private ModelFiles() {}

    /** Whether {@code location} is a URL of a file system, and not a path. */
    public static boolean isUrl(String location) {
        return location.matches("[A-Za-z][A-Za-z0-9+.-]+:/.*");
    }

    /** The bundle at {@code url}, copied to this node when it is elsewhere. */
    public static Bundle fetch(String url) {
        return Bundle.open(url.startsWith(FILE) ? local(url) : copy(url, new RemoteBundle(url).digest()));
    }

    /** The directory on this node that holds the model. */
    static Path onThisNode(ModelSpec spec) {
        if (isUrl(spec.location()) && !spec.location().startsWith(FILE)) {
            return copy(spec.location(), spec.digest());
        }
        Path path = isUrl(spec.location()) ? local(spec.location()) : Path.of(spec.location());
        return Files.isDirectory(path) ? path : shipped(path).orElse(path);
    }

    /** As Spark and Hadoop read URLs: every character stands for itself. */
    private static Path local(String url) {
        return Path.of(new org.apache.hadoop.fs.Path(url).toUri().getPath());
    }

    /** What came with the job under that name: into the executor's directory, or into the one of Spark's files. */
    private static Optional<Path> shipped(Path path) {
        Path name = path.getFileName();
        return Stream.of(Path.of("").toAbsolutePath(), Path.of(SparkFiles.getRootDirectory()))
                // An archive holds the bundle's files, or a directory of them.
                .flatMap(place ->
                        Stream.of(place.resolve(name), place.resolve(name).resolve(name)))
                .filter(directory -> Files.isRegularFile(directory.resolve(Bundle.MANIFEST)))
                .findFirst();
    }

    /** A copy that lost a file, such as to a cleaner of temporary files, is made anew. */
    private static Path copy(String url, String digest) {
        BundleStore copies = new BundleStore(directoryOfCopies(System.getenv()));
        return copies.findCurrent(digest)
                .filter(Bundle::isWhole)
                .orElseGet(() -> copies.findOrImport(digest, Bundle::isWhole, target -> {
                    long started = System.nanoTime();
                    new RemoteBundle(url).copyTo(target);
                    LOG.info("Copied model {} to this node in {} ms", url, (System.nanoTime() - started) / MILLION);
                }))
                .directory();
    }

    /**
     * Under {@code CLOZE_CACHE}; or else where YARN lets an application keep files, which it removes afterwards; or else in
     * the temporary directory, for all applications of this user.
     */
    static Path directoryOfCopies(Map<String, String> environment) {
        if (environment.containsKey("CLOZE_CACHE")) {
            return Path.of(environment.get("CLOZE_CACHE"), "copies");
        }
        if (environment.containsKey("LOCAL_DIRS")) {
            return Path.of(environment.get("LOCAL_DIRS").split(",")[0], "cloze-models");
        }
        return Path.of(System.getProperty("java.io.tmpdir"), "cloze-models-" + System.getProperty("user.name"));
    }
}
