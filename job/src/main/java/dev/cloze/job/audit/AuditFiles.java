package dev.cloze.job.audit;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.cloze.failure.Causes;
import dev.cloze.failure.ClozeException;
import dev.cloze.job.files.FileSystems;
import dev.cloze.job.files.PlainLocalFileSystem;
import dev.cloze.job.files.Secrets;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The files of a history. Each appears under its name by one rename, whole, and none is changed afterwards: whoever is killed, or writes at
 * the same time, leaves a history that can be read.
 *
 * @param files the file system of the history
 * @param directory of the history
 */
public record AuditFiles(FileSystem files, Path directory) {
    /** Begins the name of the directory of a night. */
    public static final String DATE = "date=";

    /** The directory of files that are being written. */
    public static final String UNFINISHED = "_unfinished";

    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    static AuditFiles in(String directory, Configuration hadoop) {
        return run(directory, () -> {
            Path path = new Path(directory);
            FileSystem files = FileSystems.of(path, PlainLocalFileSystem.in(new Configuration(hadoop)));
            return new AuditFiles(files, files.makeQualified(path));
        });
    }

    /** What reads or writes a history. */
    @FunctionalInterface
    public interface Work<T> {
        T run() throws IOException;
    }

    /** What fills a file. */
    @FunctionalInterface
    interface Filling {
        void fill(Path file) throws IOException;
    }

    private static <T> T run(String place, Work<T> work) {
        try {
            return work.run();
        } catch (IOException | IllegalArgumentException e) {
            throw ClozeException.resources(
                    "use the directory " + place, Causes.firstLine(e), "check its name, its permissions and room", e);
        }
    }

    public <T> T run(Work<T> work) {
        return run(name(), work);
    }

    /** As a user knows it, without a password. */
    public String name() {
        return Secrets.location(
                directory.toUri().getScheme().equals("file") ? directory.toUri().getPath() : directory.toString());
    }

    public Path place(String... names) {
        Path path = directory;
        for (String name : names) {
            path = new Path(path, name);
        }
        return path;
    }

    public boolean exists(Path path) {
        return run(() -> files.exists(path));
    }

    /** Fills a file where nobody else writes, and puts it to its place, unless the same is there. */
    void put(Path place, Filling filling) {
        if (exists(place)) {
            return;
        }
        Path scratch = place(UNFINISHED, UUID.randomUUID().toString());
        try {
            run(() -> {
                filling.fill(scratch);
                finish(scratch, place);
                return place;
            });
        } finally {
            remove(scratch);
        }
    }

    private void finish(Path scratch, Path place) throws IOException {
        files.mkdirs(place.getParent());
        if (!isLinked(scratch, place) && !files.rename(scratch, place) && !files.exists(place)) {
            throw new IOException("could not rename " + scratch + " to " + place);
        }
    }

    /**
     * Gives a local file its second name, unless another writer was first: a rename would replace what that one has written. False where
     * that cannot be done, such as on other file systems, whose renames do not replace.
     */
    private static boolean isLinked(Path scratch, Path place) {
        if (!"file".equals(scratch.toUri().getScheme())) {
            return false;
        }
        try {
            Files.createLink(local(place), local(scratch));
            return true;
        } catch (FileAlreadyExistsException e) {
            return true;
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    private static java.nio.file.Path local(Path path) {
        return java.nio.file.Path.of(path.toUri().getPath());
    }

    /** Puts a finished file, or a directory of files, to its place; a file, unless the same is there. */
    public void move(Path finished, Path place) {
        run(() -> {
            finish(finished, place);
            return place;
        });
    }

    /** Removes what this program has made in the history: a file, or a directory with all that is in it; also when it is gone. */
    public void removeAll(Path place) {
        run(() -> files.delete(place, true));
    }

    /** What stays behind when this fails, too, is read by nobody. */
    private void remove(Path scratch) {
        try {
            files.delete(scratch, false);
        } catch (IOException e) {
            // Whatever led here says more.
        }
    }

    /** The dates of the directories {@code date=D} in {@code directory}, sorted. */
    public List<LocalDate> dates(Path directory) {
        return list(directory, DATE, "").stream().map(AuditFiles::date).toList();
    }

    private static LocalDate date(Path directory) {
        try {
            return LocalDate.parse(directory.getName().substring(DATE.length()));
        } catch (DateTimeParseException e) {
            throw ClozeException.corpus(
                    "read the history of an audit",
                    directory.toUri().getPath() + " is named after no night",
                    "move it away",
                    e);
        }
    }

    /** Files of {@code directory} whose names begin and end so, sorted; none when it is not there. */
    public List<Path> list(Path directory, String begin, String end) {
        return run(() -> {
            try {
                return Arrays.stream(files.listStatus(
                                directory,
                                path -> path.getName().startsWith(begin)
                                        && path.getName().endsWith(end)))
                        .map(FileStatus::getPath)
                        .sorted()
                        .toList();
            } catch (FileNotFoundException e) {
                return List.of();
            }
        });
    }

    /** The value as it is written. */
    static byte[] bytes(Object value) {
        try {
            return (JSON.writeValueAsString(value) + "\n").getBytes(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Writes {@code value} as JSON, unless the file is there. */
    public void write(Path place, Object value) {
        writeBytes(place, bytes(value));
    }

    /** Writes {@code bytes}, unless the file is there. */
    public void writeBytes(Path place, byte[] bytes) {
        put(place, file -> {
            try (OutputStream out = files.create(file, false)) {
                out.write(bytes);
            }
        });
    }

    /** Puts a file that may be made anew at any time to its place, unless it is there with these bytes. */
    void replace(Path place, byte[] bytes) {
        if (exists(place) && Arrays.equals(content(place), bytes)) {
            return;
        }
        Path scratch = new Path(place.getParent(), "." + place.getName() + "." + UUID.randomUUID());
        try {
            run(() -> {
                try (OutputStream out = files.create(scratch, false)) {
                    out.write(bytes);
                }
                // On file systems where a rename replaces, the file is never missing.
                if (!files.rename(scratch, place)) {
                    files.delete(place, false);
                    finish(scratch, place);
                }
                return place;
            });
        } finally {
            remove(scratch);
        }
    }

    /** All that is in a file. */
    public byte[] content(Path place) {
        return run(() -> {
            try (InputStream in = files.open(place)) {
                return in.readAllBytes();
            }
        });
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @param meaning what it says; may fail with any exception when it says nothing
     */
    public <T, R> R read(Path place, Class<T> type, Function<T, R> meaning) {
        byte[] bytes = content(place);
        try {
            return meaning.apply(Objects.requireNonNull(JSON.readValue(bytes, type)));
        } catch (IOException | RuntimeException e) {
            throw ClozeException.corpus(
                    "read " + place.toUri().getPath(),
                    "it is no file of an audit: " + Causes.firstLine(e),
                    "restore it from a copy, or move it away and run the same command again",
                    e);
        }
    }
}
