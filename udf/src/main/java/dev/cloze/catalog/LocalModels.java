package dev.cloze.catalog;

import dev.cloze.bundle.Bundle;
import dev.cloze.bundle.BundleStore;
import dev.cloze.bundle.Directories;
import dev.cloze.hub.ProgressListener;
import dev.cloze.importing.layout.Archive;
import dev.cloze.importing.layout.Layout;
import dev.cloze.importing.source.Subject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Models that somebody has on disk, in a directory, an archive or as an ONNX file beside its tokenizer.
 *
 * @param store the cache of imported models
 * @param progress receives a message about what takes time
 */
record LocalModels(BundleStore store, ProgressListener progress) {
    /** Makes the bundle {@code name} of the model in {@code source}; fails when that name is taken. */
    Bundle importModel(Path source, Optional<String> variant, String name) {
        Path absolute = source.toAbsolutePath().normalize();
        Subject subject = new Subject("import model " + absolute);
        return new TriedBundles(store).keep(store.importNew(name, target -> {
            progress.say("importing " + absolute + " as " + name);
            if (Archive.isAt(absolute)) {
                writeUnpacked(absolute, variant, name, target, subject);
            } else {
                new StrangersModel(subject).write(Layout.of(absolute, variant, subject), name, target);
            }
        }));
    }

    private static void writeUnpacked(
            Path archive, Optional<String> variant, String name, Path target, Subject subject) {
        Path unpacked = target.resolve("unpacked");
        try {
            Files.createDirectory(unpacked);
            Path model = Archive.unpack(archive, unpacked, subject);
            new StrangersModel(subject).write(Layout.of(model, variant, subject), name, target);
            Directories.delete(unpacked);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
