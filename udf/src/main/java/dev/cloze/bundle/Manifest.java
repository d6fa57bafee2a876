package dev.cloze.bundle;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.SortedMap;

/**
 * {@code cloze.json}: what a run must know of a model. It holds nothing that changes from import to import, so equal models
 * have equal manifests and equal digests everywhere.
 *
 * @param format version of this file's layout
 * @param name what the model was imported as
 * @param family the {@code model_type} of its {@code config.json}
 * @param maskToken how a mask is written in a text
 * @param padToken what fills the shorter rows of a batch
 * @param positionLimit tokens the model can see at once, special tokens included
 * @param vocabularySize columns of the model's logits; may exceed the tokenizer's size
 * @param precision of the weights: {@code fp32} or {@code fp16}
 * @param cleanUp whether the Python tokenizer of this model tidies blanks before punctuation when it decodes
 * @param files every other file of the bundle
 */
@JsonPropertyOrder({
    "format",
    "name",
    "family",
    "mask_token",
    "pad_token",
    "position_limit",
    "vocabulary_size",
    "precision",
    "clean_up",
    "files"
})
public record Manifest(
        @JsonProperty("format") int format,
        @JsonProperty("name") String name,
        @JsonProperty("family") String family,
        @JsonProperty("mask_token") String maskToken,
        @JsonProperty("pad_token") String padToken,
        @JsonProperty("position_limit") int positionLimit,
        @JsonProperty("vocabulary_size") int vocabularySize,
        @JsonProperty("precision") String precision,
        @JsonProperty("clean_up") boolean cleanUp,
        @JsonProperty("files") SortedMap<String, FileEntry> files) {
    public static final int FORMAT = 1;

    /** Size and sha256 (lower-case hexadecimal) of a file. */
    @JsonPropertyOrder({"bytes", "sha256"})
    public record FileEntry(
            @JsonProperty("bytes") long bytes,
            @JsonProperty("sha256") String sha256) {}
}
