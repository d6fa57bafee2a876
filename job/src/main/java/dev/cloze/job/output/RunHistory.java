package dev.cloze.job.output;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.cloze.catalog.Versions;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Every time that a command wrote to a directory of results, a file each in {@code .cloze}. The first is written before anything
 * else, so that a directory tells whose it is at any moment, and two drivers at once lose none.
 *
 * @param directory of the results
 */
public record RunHistory(FileSystem files, Path directory) {
    private static final String END = ".end";

    /** Names that sort by time. */
    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS").withZone(ZoneOffset.UTC);

    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    /**
     * One time that a command ran.
     *
     * @param cloze version
     * @param started when it began
     * @param finished when it had written everything; null when it did not come so far
     * @param chunksScored null when that is not known
     * @param changed whether results are others than before
     * @param metrics what it took; null when nothing was scored, or that is not known
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Attempt(
            @JsonProperty("cloze") String cloze,
            @JsonProperty("command") String command,
            @JsonProperty("started") String started,
            @JsonProperty("finished") String finished,
            @JsonProperty("chunks_scored") Long chunksScored,
            @JsonProperty("changed") Boolean changed,
            @JsonProperty("metrics") AttemptMetrics metrics) {

        /** One of which no metrics are known. */
        Attempt(String cloze, String command, String started, String finished, Long chunksScored, Boolean changed) {
            this(cloze, command, started, finished, chunksScored, changed, null);
        }

        private boolean isReadable() {
            return cloze != null && command != null && started != null;
        }
    }

    /** The attempt that is being made. */
    public final class Current {
        private final Path file;
        private final Attempt attempt;

        private Current(Path file, Attempt attempt) {
            this.file = file;
            this.attempt = attempt;
        }

        /** Notes that all is written; what it took is not known. */
        public void finish(Instant finished, long chunksScored) throws IOException {
            end(finished, chunksScored, null, true);
        }

        /** Notes that all is written. */
        public void finish(Instant finished, long chunksScored, AttemptMetrics metrics) throws IOException {
            end(finished, chunksScored, metrics, true);
        }

        /** Notes that all was there already. */
        public void finishUnchanged(Instant finished) throws IOException {
            end(finished, 0, null, false);
        }

        private void end(Instant finished, long chunksScored, AttemptMetrics metrics, boolean changed)
                throws IOException {
            // Beside the first file: a driver that is killed while it writes leaves that one.
            write(
                    file.suffix(END),
                    new Attempt(
                            attempt.cloze,
                            attempt.command,
                            attempt.started,
                            finished.toString(),
                            chunksScored,
                            changed,
                            chunksScored == 0 ? null : metrics));
        }
    }

    /** The history of {@code directory}. */
    public static RunHistory in(FileSystem files, Path directory) {
        return new RunHistory(files, directory);
    }

    /** Notes that a command begins to write here. */
    public Current begin(String command, Instant started) throws IOException {
        adopt();
        Attempt attempt = new Attempt(Versions.of("cloze"), command, started.toString(), null, null, null);
        Path file = place(started);
        write(file, attempt);
        return new Current(file, attempt);
    }

    private Path place(Instant started) {
        String unique = UUID.randomUUID().toString().substring(0, 8);
        return new Path(
                new Path(directory, ResultNames.HISTORY), ResultNames.ATTEMPT + NAME.format(started) + "-" + unique);
    }

    /** Of results that an earlier version wrote, the manifest tells the last time. */
    private void adopt() throws IOException {
        Path manifest = new Path(directory, ResultNames.MANIFEST);
        if (files.exists(new Path(directory, ResultNames.HISTORY)) || !files.exists(manifest)) {
            return;
        }
        try (InputStream in = files.open(manifest)) {
            JsonNode earlier = JSON.readTree(in);
            String started = earlier.path("started").asText();
            Attempt attempt = new Attempt(
                    earlier.path("versions").path("cloze").asText(),
                    earlier.path("command").asText(),
                    started,
                    earlier.path("finished").asText(),
                    null,
                    true);
            write(place(Instant.parse(started)), attempt);
        } catch (IOException | RuntimeException e) {
            // A damaged manifest tells nothing, and is written anew.
            return;
        }
    }

    private void write(Path file, Attempt attempt) throws IOException {
        try (OutputStream out = files.create(file, true)) {
            JSON.writeValue(out, attempt);
        }
    }

    /** All attempts that can be read, the first one first. */
    public List<Attempt> attempts() throws IOException {
        Map<String, Attempt> attempts = new LinkedHashMap<>();
        for (Path file : attemptFiles()) {
            String name = file.getName();
            String begun = name.endsWith(END) ? name.substring(0, name.length() - END.length()) : name;
            read(file).ifPresent(attempt -> attempts.put(begun, attempt));
        }
        return List.copyOf(attempts.values());
    }

    /** Empty when a driver was killed while it wrote the file. */
    private Optional<Attempt> read(Path file) {
        try (InputStream in = files.open(file)) {
            return Optional.of(JSON.readValue(in, Attempt.class)).filter(Attempt::isReadable);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private List<Path> attemptFiles() throws IOException {
        try {
            return Arrays.stream(files.listStatus(new Path(directory, ResultNames.HISTORY), path -> path.getName()
                            .startsWith(ResultNames.ATTEMPT)))
                    .filter(FileStatus::isFile)
                    .map(FileStatus::getPath)
                    .sorted()
                    .toList();
        } catch (FileNotFoundException e) {
            return List.of();
        }
    }
}
