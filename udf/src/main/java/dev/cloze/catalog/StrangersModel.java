package dev.cloze.catalog;

import dev.cloze.failure.ClozeException;
import dev.cloze.importing.ModelProcess;
import dev.cloze.importing.layout.Layout;
import dev.cloze.importing.source.Subject;
import java.nio.file.Path;

/**
 * Makes a bundle of a model whose files were brought to some directory.
 *
 * @param subject of refusals, which names the model as its user does
 */
record StrangersModel(Subject subject) {
    /** Writes the bundle {@code name} into the empty directory {@code target}. */
    void write(Layout files, String name, Path target) {
        try {
            ModelProcess.ofEnvironment().write(files.directory(), files.graph(), name, target);
        } catch (ClozeException e) {
            throw e.kind() == ClozeException.Kind.MODEL ? subject.refuse(e.why(), e.repair(), e) : e;
        }
    }
}
