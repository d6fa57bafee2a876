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
 * @param maskId the id that hides a token
 * @param padId what fills the shorter rows of a batch
 * @param positionLimit tokens the network can see at once, special tokens included
 * @param vocabularySize columns of the network's logits
 */
public record LanguageModel(
        SubwordTokenizer tokenizer, MaskedLm network, long maskId, long padId, int positionLimit, int vocabularySize)
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
        return open(bundle);
    }

    /** Opens the bundle as it is. */
    public static LanguageModel open(Bundle bundle) {
        SubwordTokenizer tokenizer = SubwordTokenizer.open(bundle.file(Bundle.TOKENIZER));
        try {
            long maskId = specialId(tokenizer, bundle, bundle.manifest().maskToken());
            long padId = specialId(tokenizer, bundle, bundle.manifest().padToken());
            MaskedLm network = OnnxMaskedLm.open(bundle.file(Bundle.SCORING));
            return new LanguageModel(
                    tokenizer,
                    network,
                    maskId,
                    padId,
                    bundle.manifest().positionLimit(),
                    bundle.manifest().vocabularySize());
        } catch (RuntimeException e) {
            tokenizer.close();
            throw e;
        }
    }

    private static long specialId(SubwordTokenizer tokenizer, Bundle bundle, String token) {
        return tokenizer
                .vocabulary()
                .id(token)
                .orElseThrow(() -> ClozeException.model(
                        "open model " + bundle.directory(),
                        "its tokenizer has no token " + token,
                        "import the model again with the tokenizer it was trained with"));
    }

    @Override
    public void close() {
        try (tokenizer) {
            network.close();
        }
    }
}
