package dev.cloze.delivery;

import dev.cloze.bundle.Bundle;
import dev.cloze.bundle.BundleStore;
import dev.cloze.bundle.PrivateDirectory;
import dev.cloze.failure.Causes;
import dev.cloze.failure.ClozeException;
import dev.cloze.model.ModelSpec;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
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
    public static Path onThisNode(ModelSpec spec) {
        if (isUrl(spec.location()) && !spec.location().startsWith(FILE)) {
            return copy(spec.location(), spec.digest());
        }
        Path path = isUrl(spec.location()) ? local(spec.location()) : Path.of(spec.location());
        return Bundle.isAt(path) ? path : shipped(path).orElse(path);
    }

    /** As Spark and Hadoop read URLs: every character stands for itself. */
    private static Path local(String url) {
        try {
            return Path.of(new org.apache.hadoop.fs.Path(url).toUri().getPath());
        } catch (IllegalArgumentException e) {
            throw ClozeException.model(
                    "open model " + url, Causes.firstLine(e), "name a directory, such as file:///models/bert", e);
        }
    }

    /** What came with the job under that name: into the executor's directory, or into the one of Spark's files. */
    private static Optional<Path> shipped(Path path) {
        if (path.getFileName() == null) {
            return Optional.empty();
        }
        Path name = path.getFileName();
        return Stream.of(Path.of("").toAbsolutePath(), Path.of(SparkFiles.getRootDirectory()))
                // An archive holds the bundle's files, or a directory of them.
                .flatMap(place ->
                        Stream.of(place.resolve(name), place.resolve(name).resolve(name)))
                .filter(Bundle::isAt)
                .findFirst();
    }

    /**
     * A copy is taken only when it is the very model with that digest, in every file; one that is not, such as one that lost a file to
     * a cleaner of temporary files, is made anew.
     */
    private static Path copy(String url, String digest) {
        BundleStore copies = copies(PrivateDirectory.make(directoryOfCopies(System.getenv())));
        Predicate<Bundle> good = bundle -> bundle.digest().equals(digest) && bundle.isIntact();
        return copies.findCurrent(digest)
                .filter(good)
                .orElseGet(() -> copies.findOrImport(digest, good, target -> {
                    long started = System.nanoTime();
                    new RemoteBundle(url).copyTo(target, digest);
                    LOG.info("Copied model {} to this node in {} ms", url, (System.nanoTime() - started) / MILLION);
                }))
                .directory();
    }

    private static BundleStore copies(Path directory) {
        return new BundleStore(directory, BundleStore.Sharing.WITH_NOBODY);
    }

    /**
     * Under {@code CLOZE_CACHE}; or else where YARN lets an application keep files, which it removes afterwards; or else in
     * the temporary directory, for all applications of this user. Each user has a directory of copies of their own.
     */
    static Path directoryOfCopies(Map<String, String> environment) {
        // A user's name may be anything, such as DOMAIN\me, or ? when the system knows none.
        String user = System.getProperty("user.name").replaceAll("[^A-Za-z0-9_-]", "_");
        Optional<String> cache = value(environment, "CLOZE_CACHE");
        if (cache.isPresent()) {
            return Path.of(cache.get(), "copies-" + user).toAbsolutePath();
        }
        Optional<String> yarn = value(environment, "LOCAL_DIRS");
        if (yarn.isPresent()) {
            return Path.of(yarn.get().split(",")[0], "cloze-models").toAbsolutePath();
        }
        return Path.of(System.getProperty("java.io.tmpdir"), "cloze-models-" + user)
                .toAbsolutePath();
    }

    private static Optional<String> value(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }
}
