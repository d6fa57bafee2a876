package dev.cloze.importing.layout;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cloze.bundle.Bundle;
import dev.cloze.importing.source.OtherContent;
import dev.cloze.importing.source.Subject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where the files of a model are that somebody has on disk.
 *
 * @param directory with {@code config.json} and the tokenizer
 * @param graph the ONNX file to be imported, in that directory; absent of a model that comes as weights
 */
public record Layout(Path directory, Optional<String> graph) {
    private static final String ONNX = "onnx";
    private static final String GRAPH = "." + ONNX;
    private static final String HUB_FOLDER = "models--";
    private static final String SNAPSHOTS = "snapshots";
    private static final String MODULES = "modules.json";
    /** What sentence-transformers calls the module with the language model. */
    private static final String TRANSFORMER = "0_Transformer";

    private static final long LARGEST_JSON = 1 << 20;
    private static final long LONGEST_REF = 100;

    /**
     * The model in {@code source}: a directory, the folder of a model in the cache of {@code huggingface_hub}, a directory of
     * sentence-transformers, or an ONNX file beside its tokenizer.
     *
     * @param variant of the ONNX export, see {@link GraphChoice}
     */
    public static Layout of(Path source, Optional<String> variant, Subject subject) {
        if (!Files.isDirectory(source)) {
            return ofGraph(source, variant, subject);
        }
        Path directory = transformer(snapshot(source, subject), subject);
        GraphChoice graphs = GraphChoice.among(graphs(directory, subject), subject);
        boolean hasWeights = WeightFiles.FIRST_FILES.stream().anyMatch(file -> Files.exists(directory.resolve(file)));
        return new Layout(directory, hasWeights && variant.isEmpty() ? graphs.plain() : graphs.choose(variant));
    }

    /** What a model in {@code source} is called when nobody names it. */
    public static String name(Path source) {
        Path absolute = source.toAbsolutePath().normalize();
        Path named = isGraph(absolute) ? directoryOf(absolute) : absolute;
        String name = String.valueOf(named.getFileName());
        return name.startsWith(HUB_FOLDER)
                ? name.substring(name.lastIndexOf("--") + 2)
                : name.replaceFirst("\\.(zip|tar|tgz|tar\\.gz)$", "");
    }

    private static boolean isGraph(Path source) {
        return source.toString().endsWith(GRAPH) && !Files.isDirectory(source);
    }

    private static Layout ofGraph(Path file, Optional<String> variant, Subject subject) {
        OtherContent.refuse(file, file.getFileName().toString(), subject);
        if (!isGraph(file)) {
            throw subject.refuse(
                    "it is neither a directory nor an archive (zip, tar, tar.gz) nor an ONNX file",
                    "name the directory with config.json and the tokenizer of the model");
        }
        if (variant.isPresent()) {
            throw subject.refuse("it is one graph, which has no variants", "leave --variant out");
        }
        Path absolute = file.toAbsolutePath().normalize();
        Path directory = directoryOf(absolute);
        return new Layout(directory, Optional.of(directory.relativize(absolute).toString()));
    }

    /** Where the tokenizer of a graph is: beside it, or above the directory onnx/. */
    private static Path directoryOf(Path graph) {
        Path beside = graph.getParent();
        boolean above = beside.getParent() != null
                && !Files.exists(beside.resolve(Bundle.CONFIG))
                && Files.exists(beside.getParent().resolve(Bundle.CONFIG));
        return above ? beside.getParent() : beside;
    }

    private static Path snapshot(Path source, Subject subject) {
        Path snapshots = source.resolve(SNAPSHOTS);
        if (!String.valueOf(source.toAbsolutePath().normalize().getFileName()).startsWith(HUB_FOLDER)
                || !Files.isDirectory(snapshots)) {
            return source;
        }
        try {
            Path main = source.resolve("refs/main");
            if (Files.isRegularFile(main) && Files.size(main) <= LONGEST_REF) {
                return snapshots.resolve(plainName(Files.readString(main).strip(), "refs/main", subject));
            }
            List<Path> all = list(snapshots);
            if (all.size() != 1) {
                throw subject.refuse(
                        "it has " + all.size() + " snapshots, and no refs/main says which one is meant",
                        "name one of the directories in " + snapshots);
            }
            return all.get(0);
        } catch (IOException e) {
            throw unreadable(source, e, subject);
        }
    }

    private static Path transformer(Path directory, Subject subject) {
        Optional<String> place = modules(directory, subject).or(() -> Optional.of(TRANSFORMER)
                .filter(name -> !Files.exists(directory.resolve(Bundle.CONFIG))
                        && Files.exists(directory.resolve(name).resolve(Bundle.CONFIG))));
        if (place.isEmpty() || place.get().isEmpty()) {
            return directory;
        }
        Path inner = directory.resolve(plainName(place.get(), MODULES, subject));
        try {
            if (!inner.toRealPath().startsWith(directory.toRealPath())) {
                throw subject.refuse(
                        "its " + place.get() + " is a link to a place outside the directory",
                        "put the files themselves there");
            }
            return inner;
        } catch (IOException e) {
            throw unreadable(inner, e, subject);
        }
    }

    /** Where the list of modules of sentence-transformers has its language model, when there is such a list. */
    private static Optional<String> modules(Path directory, Subject subject) {
        Path file = directory.resolve(MODULES);
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > LARGEST_JSON) {
                return Optional.empty();
            }
            for (JsonNode module : new ObjectMapper().readTree(file.toFile())) {
                if (module.path("type").asText().endsWith(".Transformer")) {
                    return Optional.of(module.path("path").asText());
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            throw subject.refuse("its " + MODULES + " is damaged: " + e.getMessage(), "save the model again", e);
        }
    }

    private static String plainName(String name, String file, Subject subject) {
        if (!name.matches("[A-Za-z0-9_-][A-Za-z0-9_.-]*")) {
            throw subject.refuse(
                    "its " + file + " names " + Subject.shown(name) + ", which is no plain name of a directory",
                    "do not use it: it was made to do harm, or is damaged");
        }
        return name;
    }

    private static List<String> graphs(Path directory, Subject subject) {
        List<String> graphs = new ArrayList<>();
        try {
            for (Path file : list(directory)) {
                graphs.add(file.getFileName().toString());
            }
            Path inner = directory.resolve(ONNX);
            if (Files.isDirectory(inner)) {
                for (Path file : list(inner)) {
                    graphs.add(ONNX + "/" + file.getFileName());
                }
            }
        } catch (IOException e) {
            throw unreadable(directory, e, subject);
        }
        return graphs;
    }

    private static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.sorted().toList();
        }
    }

    private static RuntimeException unreadable(Path path, IOException e, Subject subject) {
        return subject.refuse(path + " cannot be read: " + e, "make it readable", e);
    }
}
