package dev.cloze.adapt;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cloze.failure.ClozeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The losses of a training as JSON lines: one for each step, and one for each evaluation. It holds no times, so that equal trainings have
 * equal files.
 */
final class LossJournal {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;

    private LossJournal(Path file) {
        this.file = file;
    }

    /** The journal in {@code file}, without what was written after step {@code step}. */
    static LossJournal upTo(long step, Path file) throws IOException {
        if (Files.exists(file)) {
            List<String> kept = Files.readAllLines(file).stream()
                    .takeWhile(line -> isUpTo(step, line))
                    .toList();
            requireReached(step, kept, file);
            Path unfinished = file.resolveSibling(file.getFileName() + ".unfinished");
            Files.write(unfinished, kept);
            FileSync.force(unfinished);
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } else {
            requireReached(step, List.of(), file);
            Files.createFile(file);
        }
        return new LossJournal(file);
    }

    /** Losses before a checkpoint that are gone cannot be written again. */
    private static void requireReached(long step, List<String> kept, Path file) throws IOException {
        long last = kept.isEmpty()
                ? 0
                : JSON.readTree(kept.get(kept.size() - 1)).path("step").asLong();
        if (last < step) {
            throw ClozeException.user(
                    "resume the adaptation in " + file.toAbsolutePath().getParent(),
                    "its losses are known up to step " + last + ", and its checkpoint is of step " + step,
                    "delete the directory to begin anew");
        }
    }

    /** Puts what was added onto the disk. */
    void force() throws IOException {
        FileSync.force(file);
    }

    /** Of a line that was cut off by a kill nothing is known. */
    private static boolean isUpTo(long step, String line) {
        try {
            JsonNode entry = JSON.readTree(line);
            return entry.path("step").isIntegralNumber() && entry.path("step").asLong() <= step;
        } catch (IOException e) {
            return false;
        }
    }

    void add(TrainingListener.Step step) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("step", step.step());
        entry.put("loss", step.loss());
        entry.put("learning_rate", step.learningRate());
        entry.put("grad_norm", step.gradNorm());
        add(entry);
    }

    void add(TrainingListener.Evaluated evaluated) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("step", evaluated.step());
        entry.put("eval_loss", evaluated.loss());
        entry.put("perplexity", evaluated.perplexity());
        add(entry);
    }

    private void add(Map<String, Object> entry) {
        try {
            Files.writeString(file, JSON.writeValueAsString(entry) + "\n", StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
