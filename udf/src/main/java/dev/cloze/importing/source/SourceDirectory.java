package dev.cloze.importing.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The directory of a model from elsewhere. Nothing outside is read: symbolic links may lead to other places in it, and those of a
 * model hub's cache ({@code models--organisation--name/snapshots/revision}) to the files of the same model in that cache.
 */
public final class SourceDirectory {
    private static final String SNAPSHOTS = "snapshots";
    private static final String BLOBS = "blobs";
    private static final String HUB_MODEL = "models--";
    /** The largest tokenizer.json so far has 33 MB. */
    private static final long LARGEST_JSON = 256L << 20;

    private static final long MEGABYTE = 1 << 20;

    private final Path real;
    private final Optional<Path> hub;
    private final Subject subject;

    private SourceDirectory(Path real, Optional<Path> hub, Subject subject) {
        this.real = real;
        this.hub = hub;
        this.subject = subject;
    }

    public static SourceDirectory of(Path directory, Subject subject) {
        try {
            Path real = directory.toRealPath();
            return new SourceDirectory(real, hub(real), subject);
        } catch (IOException e) {
            throw subject.refuse("the directory cannot be read: " + e, "name a directory that can be read", e);
        }
    }

    private static Optional<Path> hub(Path real) {
        for (Path inside = real; inside.getParent() != null; inside = inside.getParent()) {
            Path model = inside.getParent();
            if (inside.endsWith(SNAPSHOTS)
                    && model.getFileName() != null
                    && model.getFileName().toString().startsWith(HUB_MODEL)) {
                return Optional.of(model);
            }
        }
        return Optional.empty();
    }

    /** The file of that name, all links resolved, when there is one. */
    public Optional<Path> find(String name) {
        Path file = real.resolve(name);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            Path target = file.toRealPath();
            if (!isInside(target)) {
                throw subject.refuse(
                        "its file " + Subject.shown(name) + " is a link to a place outside the directory",
                        "put the file itself there");
            }
            if (!Files.isRegularFile(target)) {
                throw subject.refuse(Subject.shown(name) + " is not a file", "put a file there");
            }
            return Optional.of(target);
        } catch (IOException e) {
            throw subject.refuse(Subject.shown(name) + " cannot be read: " + e, "make it readable", e);
        }
    }

    /** The JSON object in the file of that name, when there is one. */
    public Optional<JsonNode> json(String name) {
        Optional<Path> file = find(name);
        if (file.isEmpty()) {
            return Optional.empty();
        }
        OtherContent.refuse(file.get(), name, subject);
        try {
            if (Files.size(file.get()) > LARGEST_JSON) {
                throw subject.refuse(
                        "its " + name + " has " + Files.size(file.get()) / MEGABYTE + " MB, at most "
                                + LARGEST_JSON / MEGABYTE + " MB are read",
                        "save the model again");
            }
            JsonNode json = new ObjectMapper()
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .readTree(file.get().toFile());
            if (!json.isObject()) {
                throw subject.refuse("its " + name + " is not a JSON object", "save the model again");
            }
            return Optional.of(json);
        } catch (JsonProcessingException e) {
            throw subject.refuse(name + " is damaged: " + e.getOriginalMessage(), "save the model again", e);
        } catch (IOException e) {
            throw subject.refuse(name + " cannot be read: " + e, "save the model again", e);
        }
    }

    private boolean isInside(Path file) {
        return file.startsWith(real)
                || hub.filter(model ->
                                file.startsWith(model.resolve(BLOBS)) || file.startsWith(model.resolve(SNAPSHOTS)))
                        .isPresent();
    }
}
