package dev.cloze.bundle;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.cloze.failure.ClozeException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * {@code cloze.json} as bytes. It may come from anybody, so it is read up to a bound, strictly, and every value is checked before
 * anything is done with it.
 */
public final class ManifestFile {
    private static final int MOST_BYTES = 4 << 20;
    private static final int DEEPEST = 10;
    private static final int LONGEST_NUMBER = 30;

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .maxNumberLength(LONGEST_NUMBER)
                            .build())
                    .build())
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .build();

    private ManifestFile() {}

    /**
     * All of a manifest's bytes.
     *
     * @param model where it comes from, for messages
     */
    public static byte[] bytes(InputStream in, String model) throws IOException {
        byte[] bytes = in.readNBytes(MOST_BYTES + 1);
        if (bytes.length > MOST_BYTES) {
            throw unsound(model, "it has more than " + MOST_BYTES + " bytes", null);
        }
        return bytes;
    }

    /**
     * The manifest in {@code bytes}; fails when it is not sound in every value.
     *
     * @param model where it comes from, for messages
     */
    public static Manifest parse(byte[] bytes, String model) {
        try {
            JsonNode tree = JSON.readTree(bytes);
            if (!tree.isObject()) {
                throw unsound(model, "it is not a JSON object", null);
            }
            JsonNode format = tree.path("format");
            if (format.isInt() && format.asInt() != Manifest.FORMAT) {
                throw ClozeException.model(
                        "open model " + model,
                        "its format is " + format.asInt() + ", this version reads " + Manifest.FORMAT,
                        "import the model again with this version");
            }
            Manifest manifest = JSON.treeToValue(tree, Manifest.class);
            Optional<String> problem = ManifestCheck.problem(manifest);
            if (problem.isPresent() || manifest.format() != Manifest.FORMAT) {
                throw unsound(model, problem.orElse("format is missing"), null);
            }
            return manifest;
        } catch (JsonProcessingException e) {
            throw unsound(model, FileNames.shown(e.getOriginalMessage()), e);
        } catch (IOException e) {
            throw new IllegalStateException("Bytes in memory can be read", e);
        }
    }

    /** The bytes of {@code manifest}; fails when no reader would take it. */
    static byte[] write(Manifest manifest) {
        ManifestCheck.problem(manifest).ifPresent(problem -> {
            throw ClozeException.model(
                    "make a bundle of model " + FileNames.shown(String.valueOf(manifest.name())),
                    "in its " + Bundle.MANIFEST + " " + problem,
                    "repair the model, and import it again");
        });
        try {
            return (JSON.writeValueAsString(manifest) + "\n").getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A manifest is plain values", e);
        }
    }

    /**
     * The names of all files of a bundle that Cloze made, whatever its version and whatever state the files are in; empty when {@code
     * directory} has no {@code cloze.json} that can be read as such.
     */
    static Optional<Set<String>> recognise(Path directory) {
        Path file = directory.resolve(Bundle.MANIFEST);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        try (InputStream in = Files.newInputStream(file)) {
            JsonNode tree = JSON.readTree(bytes(in, directory.toString()));
            boolean ours = tree.path("format").isInt()
                    && tree.path("name").isTextual()
                    && tree.path("family").isTextual()
                    && tree.path("files").isObject();
            if (!ours) {
                return Optional.empty();
            }
            Set<String> names = new HashSet<>(Set.of(Bundle.MANIFEST));
            tree.path("files").fieldNames().forEachRemaining(names::add);
            return Optional.of(names);
        } catch (IOException | ClozeException e) {
            return Optional.empty();
        }
    }

    private static ClozeException unsound(String model, String why, Exception cause) {
        return ClozeException.model(
                "open model " + model,
                "its " + Bundle.MANIFEST + " is not one of Cloze or is damaged: " + why,
                "get the bundle again from where it was made, or import the model again",
                cause);
    }
}
