package dev.cloze.model;

import dev.cloze.bundle.Bundle;
import dev.cloze.bundle.Manifest;
import dev.cloze.failure.ClozeException;
import dev.cloze.text.Vocabulary;
import java.util.OptionalLong;

/**
 * Ids that stand for no word.
 *
 * @param pad fills the shorter rows of a batch
 * @param mask hides a token; absent of a causal model
 * @param start stands before a text that a causal model reads; absent when its tokenizer has no such token
 */
public record SpecialIds(long pad, OptionalLong mask, OptionalLong start) {

    static SpecialIds of(Bundle bundle, Vocabulary vocabulary) {
        Manifest manifest = bundle.manifest();
        return new SpecialIds(
                id(bundle, vocabulary, manifest.padToken()),
                optionalId(bundle, vocabulary, manifest.maskToken()),
                optionalId(bundle, vocabulary, manifest.startToken()));
    }

    private static OptionalLong optionalId(Bundle bundle, Vocabulary vocabulary, String token) {
        return token == null ? OptionalLong.empty() : OptionalLong.of(id(bundle, vocabulary, token));
    }

    private static long id(Bundle bundle, Vocabulary vocabulary, String token) {
        return vocabulary
                .id(token)
                .orElseThrow(() -> ClozeException.model(
                        "open model " + bundle.directory(),
                        "its tokenizer has no token " + token,
                        "import the model again with the tokenizer it was trained with"));
    }
}
