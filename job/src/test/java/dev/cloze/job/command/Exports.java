package dev.cloze.job.command;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Tiny models as they come from elsewhere, before they are imported. */
final class Exports {
    private static final List<String> FILES =
            List.of("model.onnx", "config.json", "tokenizer.json", "tokenizer_config.json");

    private Exports() {}

    /** Writes an export of a BERT to {@code directory}. */
    static Path bert(Path directory) throws IOException {
        return of("bert", directory);
    }

    /** Writes the export {@code model} to {@code directory}. */
    static Path of(String model, Path directory) throws IOException {
        Files.createDirectories(directory);
        for (String name : FILES) {
            try (InputStream in = Exports.class.getResourceAsStream("/dev/cloze/exports/" + model + "/" + name)) {
                Files.copy(in, directory.resolve(name));
            }
        }
        return directory;
    }
}
