package dev.cloze.model;

import dev.cloze.bundle.Bundle;
import dev.cloze.failure.ClozeException;
import dev.cloze.text.SubwordTokenizer;
import java.nio.file.Path;

/**
 * An open model: a tokenizer and a network that belong together.
 *
 * @param tokenizer words to ids
 * @param network ids to answers
 * @param special ids that stand for no word
 * @param positionLimit tokens the network can see at once, special tokens included
 * @param vocabularySize columns of the network's logits
 */
public record LanguageModel(
        SubwordTokenizer tokenizer, Network network, SpecialIds special, int positionLimit, int vocabularySize)
        implements AutoCloseable {

    /** Opens the bundle after checking that it is the one that was asked for, undamaged. */
    public static LanguageModel open(ModelSpec spec) {
        Bundle bundle = Bundle.open(Path.of(spec.directory()));
        if (!bundle.digest().equals(spec.digest())) {
            throw ClozeException.model(
                    "open model " + spec.directory(),
                    "this node has another model there (" + bundle.digest() + ", the job wants " + spec.digest() + ")",
                    "copy the same bundle to every node");
        }
        bundle.verify();
        return open(bundle, spec.purpose());
    }

    /** Opens the bundle as it is. */
    public static LanguageModel open(Bundle bundle, Purpose purpose) {
        purpose.require(bundle);
        SubwordTokenizer tokenizer = SubwordTokenizer.open(bundle.file(Bundle.TOKENIZER));
        try {
            SpecialIds special = SpecialIds.of(bundle, tokenizer.vocabulary());
            Network network = OnnxNetwork.open(bundle.file(purpose.graph()));
            return new LanguageModel(
                    tokenizer,
                    network,
                    special,
                    bundle.manifest().positionLimit(),
                    bundle.manifest().vocabularySize());
        } catch (RuntimeException e) {
            tokenizer.close();
            throw e;
        }
    }

    /** The id that hides a token. */
    public long maskId() {
        return special.mask().orElseThrow(() -> new IllegalStateException("A causal model has no mask"));
    }

    /** What fills the shorter rows of a batch. */
    public long padId() {
        return special.pad();
    }

    @Override
    public void close() {
        try (tokenizer) {
            network.close();
        }
    }
}
