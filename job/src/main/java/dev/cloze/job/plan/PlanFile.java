package dev.cloze.job.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.cloze.failure.Causes;
import dev.cloze.failure.ClozeException;
import dev.cloze.job.files.ObjectStores;
import dev.cloze.job.files.OwnerFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Optional;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * {@code _plan.json} of a directory. Without it chunks mean nothing, so at every moment there is a complete one, under this name or, while
 * it is replaced, under its own.
 */
public record PlanFile(FileSystem files, Path directory) {
    /** Names of the plan begin so, also of one that is not in its place yet. */
    public static final String NAME = "_plan.json";

    private static final String NEXT = NAME + ".next";
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /** The plan that is there. */
    public Optional<RunPlan> read() throws IOException {
        Path place = new Path(directory, NAME);
        if (files.exists(place)) {
            return Optional.of(intact(place));
        }
        for (Path next : unplaced()) {
            Optional<RunPlan> plan = ifComplete(next);
            if (plan.isPresent()) {
                return plan;
            }
        }
        return Optional.empty();
    }

    /** The plan that is there, in its place even when the driver that replaced it was killed. */
    public Optional<RunPlan> recover() throws IOException {
        Path place = new Path(directory, NAME);
        for (Path next : unplaced()) {
            if (!files.exists(place) && ifComplete(next).isPresent()) {
                move(next, place);
            }
        }
        return read();
    }

    private RunPlan intact(Path place) throws IOException {
        try {
            return parse(place);
        } catch (JsonProcessingException | ChecksumException e) {
            throw ClozeException.user(
                    "read the plan " + place.toUri().getPath(),
                    "it is damaged, or of another version of Cloze: " + Causes.firstLine(e),
                    "begin anew with --overwrite, or choose another --output");
        }
    }

    /** Empty when it was interrupted while it was written; then there is an older one, or there never was one. */
    private Optional<RunPlan> ifComplete(Path file) throws IOException {
        try {
            return Optional.of(parse(file));
        } catch (JsonProcessingException | ChecksumException e) {
            return Optional.empty();
        }
    }

    private Path[] unplaced() throws IOException {
        return files.exists(directory)
                ? Arrays.stream(files.listStatus(
                                directory, path -> path.getName().startsWith(NEXT)))
                        .map(FileStatus::getPath)
                        .toArray(Path[]::new)
                : new Path[0];
    }

    private RunPlan parse(Path file) throws IOException {
        try (InputStream in = files.open(file)) {
            return JSON.readValue(in, RunPlan.class);
        }
    }

    /** Puts {@code plan} in the place of the one that is there. */
    public void write(RunPlan plan) throws IOException {
        Path place = new Path(directory, NAME);
        byte[] json = JSON.writeValueAsBytes(plan);
        if (ObjectStores.holds(files)) {
            write(place, json);
            return;
        }
        Path next = new Path(directory, NEXT + "." + plan.run());
        write(next, json);
        files.delete(place, false);
        move(next, place);
    }

    private void move(Path from, Path to) throws IOException {
        if (!files.rename(from, to)) {
            throw new IOException("could not rename " + from + " to " + to);
        }
    }

    private void write(Path file, byte[] json) throws IOException {
        try (OutputStream out = OwnerFiles.create(files, file)) {
            out.write(json);
        }
    }
}
