package dev.cloze.importing.weights;

import dev.cloze.importing.source.OtherContent;
import dev.cloze.importing.source.SourceDirectory;
import dev.cloze.importing.source.Subject;
import java.nio.file.Path;
import java.util.Optional;

/** The weights of a model as transformers saves them: in one file or in shards, as safetensors or in PyTorch's own format. */
public final class Checkpoint {
    public static final String SAFETENSORS = "model.safetensors";
    private static final String TORCH = "pytorch_model.bin";
    private static final String INDEX = ".index.json";

    private Checkpoint() {}

    /** The weights in {@code files}, safetensors before others. */
    public static Optional<Weights> find(SourceDirectory files, Subject subject) {
        return one(files, SAFETENSORS, SafeTensors::open, subject)
                .or(() -> shards(files, SAFETENSORS, SafeTensors::open, subject))
                .or(() -> one(files, TORCH, TorchFile::open, subject))
                .or(() -> shards(files, TORCH, TorchFile::open, subject));
    }

    private static Optional<Weights> one(SourceDirectory files, String name, Shards.Opener opener, Subject subject) {
        Optional<Path> file = files.find(name);
        file.ifPresent(found -> OtherContent.refuseInPlaceOfWeights(found, name, subject));
        return file.map(found -> opener.open(found, name, subject));
    }

    private static Optional<Weights> shards(SourceDirectory files, String name, Shards.Opener opener, Subject subject) {
        return files.find(name + INDEX).map(index -> Shards.open(files, name + INDEX, opener, subject));
    }
}
