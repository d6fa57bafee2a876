package dev.cloze.importing.weights;

import dev.cloze.importing.layout.WeightFiles;
import dev.cloze.importing.source.OtherContent;
import dev.cloze.importing.source.SourceDirectory;
import dev.cloze.importing.source.Subject;
import java.nio.file.Path;
import java.util.Optional;

/** The weights of a model as transformers saves them: in one file or in shards, as safetensors or in PyTorch's own format. */
public final class Checkpoint {
    private Checkpoint() {}

    /** The weights in {@code files}, safetensors before others. */
    public static Optional<Weights> find(SourceDirectory files, Subject subject) {
        return of(WeightFiles.SAFETENSORS, SafeTensors::open, files, subject)
                .or(() -> of(WeightFiles.TORCH, TorchFile::open, files, subject));
    }

    private static Optional<Weights> of(
            WeightFiles names, Shards.Opener opener, SourceDirectory files, Subject subject) {
        Optional<Path> file = files.find(names.name());
        file.ifPresent(found -> OtherContent.refuseInPlaceOfWeights(found, names.name(), subject));
        return file.map(found -> opener.open(found, names.name(), subject))
                .or(() -> files.find(names.index()).map(index -> Shards.open(files, names.index(), opener, subject)));
    }
}
