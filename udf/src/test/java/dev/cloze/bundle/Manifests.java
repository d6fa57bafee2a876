package dev.cloze.bundle;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Bundles that hold a few bytes. */
final class Manifests {
    private static final List<String> FILES = List.of(Bundle.MODEL, Bundle.SCORING, Bundle.TOKENIZER, Bundle.CONFIG);

    private Manifests() {}

    /** Makes a bundle of {@code directory}, with {@code weights} as its model. */
    static Bundle write(Path directory, String weights) {
        try {
            for (String name : FILES) {
                Files.writeString(directory.resolve(name), name.equals(Bundle.MODEL) ? weights : name);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Bundle.seal(directory, described().withFiles(Bundle.listing(directory)));
    }

    static Manifest described() {
        return new Manifest(
                Manifest.FORMAT,
                "m",
                "bert",
                Manifest.Kind.MASKED,
                "[MASK]",
                null,
                "[PAD]",
                8,
                9,
                "fp32",
                false,
                null,
                null);
    }
}
