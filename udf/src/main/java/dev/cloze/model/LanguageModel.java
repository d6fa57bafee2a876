package dev.cloze.model;

import dev.cloze.bundle.Bundle;
import dev.cloze.failure.ClozeException;
import dev.cloze.onnx.Device;
import dev.cloze.onnx.Prepacking;
import dev.cloze.text.SubwordTokenizer;

/**
 * An open model: a tokenizer and a network that belong together.
 *
 * @param tokenizer words to ids
 * @param network ids to answers
 * @param special ids that stand for no word
 * @param positionLimit tokens the network can see at once, special tokens included
 * @param vocabularySize columns of the network's logits
 * @param cancellationCheck called by every long loop of those who use the model; throws when their work was cancelled
 */
public record LanguageModel(
        SubwordTokenizer tokenizer,
        Network network,
        SpecialIds special,
        int positionLimit,
        int vocabularySize,
        Runnable cancellationCheck)
        implements AutoCloseable {

    /** A model for work that is never cancelled. */
    public LanguageModel(
            SubwordTokenizer tokenizer, Network network, SpecialIds special, int positionLimit, int vocabularySize) {
        this(tokenizer, network, special, positionLimit, vocabularySize, () -> {});
    }

    /** Opens the bundle after checking that it is the one that was asked for, undamaged. */
    public static LanguageModel open(LocalModel wanted) {
        Bundle bundle = Bundle.open(wanted.directory());
        if (!bundle.digest().equals(wanted.digest())) {
            throw ClozeException.model(
                    "open model " + wanted.directory(),
                    "this node has another model there (" + bundle.digest() + ", the job wants " + wanted.digest()
                            + ")",
                    "copy the same bundle to every node");
        }
        bundle.verify();
        return open(bundle, wanted.head(), wanted.device());
    }

    /** Opens the bundle as it is, on the CPU. */
    public static LanguageModel open(Bundle bundle, Head head) {
        return open(bundle, head, Device.cpu());
    }

    private static LanguageModel open(Bundle bundle, Head head, Device device) {
        head.require(bundle);
        SubwordTokenizer tokenizer = SubwordTokenizer.open(bundle.file(Bundle.TOKENIZER));
        try {
            SpecialIds special = SpecialIds.of(bundle, tokenizer.vocabulary());
            boolean isEightBit = bundle.manifest().calibration() != null;
            Device packed = device.prepacking(isEightBit ? Prepacking.ON : Prepacking.AUTO);
            Network turns = OneBatchAtATime.on(device, OnnxNetwork.open(bundle.file(head.graph()), packed));
            Network network = RowsApart.of(bundle.manifest().sensitivity(), turns);
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

    /** The same open model; {@code check} throws when the work was cancelled. */
    public LanguageModel withCancellationCheck(Runnable check) {
        return new LanguageModel(tokenizer, network, special, positionLimit, vocabularySize, check);
    }

    /** Throws when the work was cancelled. Every loop whose length a user or a text decides calls this. */
    public void requireNotCancelled() {
        cancellationCheck.run();
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
