package dev.cloze.bundle;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.cloze.failure.ClozeException;
import java.util.Optional;
import java.util.SortedMap;

/**
 * {@code cloze.json}: what a run must know of a model. It holds nothing that changes from import to import, so equal models
 * have equal manifests and equal digests everywhere.
 *
 * @param format version of this file's layout
 * @param name what the model was imported as
 * @param family the {@code model_type} of its {@code config.json}
 * @param kind what a token sees of its text
 * @param maskToken how a mask is written in a text; null of a causal model
 * @param startToken what stands before a text, so that its first token has a left side: the tokenizer's BOS token, or else
 *     EOS; null when there is neither, and of a masked model
 * @param padToken what fills the shorter rows of a batch
 * @param positionLimit tokens the model can see at once, special tokens included
 * @param vocabularySize columns of the model's logits; may exceed the tokenizer's size
 * @param precision of the weights: {@code fp32}, {@code fp16}, {@code bf16}, {@code int8} or {@code int4}
 * @param cleanUp whether the Python tokenizer of this model tidies blanks before punctuation when it decodes
 * @param padding what other rows of a batch do to a row's numbers; absent in the file when they do nothing
 * @param origin where the model comes from; null of a model that was in a directory, or was imported by an earlier version
 * @param lineage what the model was adapted from and to; null of a model that is as its authors made it
 * @param calibration how an 8-bit model was made of one in full precision; null of a model that was not
 * @param files every other file of the bundle
 */
@JsonPropertyOrder({
    "format",
    "name",
    "family",
    "kind",
    "mask_token",
    "start_token",
    "pad_token",
    "position_limit",
    "vocabulary_size",
    "precision",
    "clean_up",
    "padding",
    "origin",
    "lineage",
    "calibration",
    "files"
})
public record Manifest(
        @JsonProperty("format") int format,
        @JsonProperty("name") String name,
        @JsonProperty("family") String family,
        @JsonProperty("kind") Kind kind,
        @JsonProperty("mask_token") String maskToken,
        @JsonProperty("start_token") String startToken,
        @JsonProperty("pad_token") String padToken,
        @JsonProperty("position_limit") int positionLimit,
        @JsonProperty("vocabulary_size") int vocabularySize,
        @JsonProperty("precision") String precision,
        @JsonProperty("clean_up") boolean cleanUp,

        @JsonProperty("padding") @JsonInclude(JsonInclude.Include.NON_NULL)
        Padding padding,

        @JsonProperty("origin") @JsonInclude(JsonInclude.Include.NON_NULL)
        Origin origin,

        @JsonProperty("lineage") @JsonInclude(JsonInclude.Include.NON_NULL)
        Lineage lineage,

        @JsonProperty("calibration") @JsonInclude(JsonInclude.Include.NON_NULL)
        Calibration calibration,

        @JsonProperty("files") SortedMap<String, FileEntry> files) {
    public static final int FORMAT = 2;

    /** What a model's tokens see of their text. */
    public enum Kind {
        /** Both sides: a masked language model. */
        @JsonProperty("masked")
        MASKED,
        /** The left side only: a model that continues texts. */
        @JsonProperty("causal")
        CAUSAL
    }

    /** What other rows of a batch do to the numbers of a row. */
    public enum Padding {
        /** A row that is padded beside a longer one gets other numbers: only rows of one length are computed together. */
        @JsonProperty("sensitive")
        SENSITIVE,
        /** Any other row changes a row's numbers, such as where one scale is measured for all of a quantised batch. */
        @JsonProperty("alone")
        ALONE
    }

    /** What other rows of a batch do to a row; empty when they do nothing. */
    public Optional<Padding> sensitivity() {
        return Optional.ofNullable(padding);
    }

    /** The manifest of a model without a recorded origin, whose rows do not change each other. */
    public Manifest(
            int format,
            String name,
            String family,
            Kind kind,
            String maskToken,
            String startToken,
            String padToken,
            int positionLimit,
            int vocabularySize,
            String precision,
            boolean cleanUp,
            SortedMap<String, FileEntry> files) {
        this(
                format,
                name,
                family,
                kind,
                maskToken,
                startToken,
                padToken,
                positionLimit,
                vocabularySize,
                precision,
                cleanUp,
                null,
                null,
                null,
                null,
                files);
    }

    /** Size of all files. */
    public long bytes() {
        return files.values().stream().mapToLong(FileEntry::bytes).sum();
    }

    /** The same manifest of these files. */
    public Manifest withFiles(SortedMap<String, FileEntry> listing) {
        return with(name, positionLimit, padding, origin, lineage, listing);
    }

    /** The same manifest with what was measured: how many tokens fit, and what rows do to each other; null when nothing. */
    public Manifest measured(int positions, Padding rows) {
        return with(name, positions, rows, origin, lineage, files);
    }

    /** The same manifest of a model that comes from there. */
    public Manifest withOrigin(Origin place) {
        return with(name, positionLimit, padding, place, lineage, files);
    }

    /** The manifest of the model {@code newName} that this one was adapted to: it comes from there, and no longer from this one's source. */
    public Manifest adapted(String newName, Lineage from) {
        return with(newName, positionLimit, padding, null, from, files);
    }

    /** The manifest of the 8-bit model {@code newName} that was made of this one; what rows do to each other is to be measured. */
    public Manifest calibrated(String newName, String newPrecision, Calibration from) {
        return new Manifest(
                format,
                newName,
                family,
                kind,
                maskToken,
                startToken,
                padToken,
                positionLimit,
                vocabularySize,
                newPrecision,
                cleanUp,
                null,
                origin,
                lineage,
                from,
                files);
    }

    private Manifest with(
            String called,
            int positions,
            Padding rows,
            Origin place,
            Lineage from,
            SortedMap<String, FileEntry> listing) {
        return new Manifest(
                format,
                called,
                family,
                kind,
                maskToken,
                startToken,
                padToken,
                positions,
                vocabularySize,
                precision,
                cleanUp,
                rows,
                place,
                from,
                calibration,
                listing);
    }

    /**
     * Where a model comes from.
     *
     * @param source such as {@code hf:organisation/name}
     * @param revision the commit of the source
     * @param variant of the model's graph that was asked for; null when none was
     * @param licence as its authors name it, such as {@code apache-2.0}; null when they name none
     */
    @JsonPropertyOrder({"source", "revision", "variant", "licence"})
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Origin(
            @JsonProperty("source") String source,
            @JsonProperty("revision") String revision,
            @JsonProperty("variant") String variant,
            @JsonProperty("licence") String licence) {}

    /**
     * How a model was adapted to a corpus.
     *
     * @param base name of the model that was adapted
     * @param digest of that model
     * @param corpus sha256 over the tokens that were trained on
     * @param steps that were made
     * @param lossBefore mean cross-entropy of masked tokens of held-out blocks before the first step, in nats; null when there were none
     * @param lossAfter the same of the adapted model
     * @param settings of the training, by the names of the options
     */
    @JsonPropertyOrder({"base", "digest", "corpus", "steps", "loss_before", "loss_after", "settings"})
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Lineage(
            @JsonProperty("base") String base,
            @JsonProperty("digest") String digest,
            @JsonProperty("corpus") String corpus,
            @JsonProperty("steps") long steps,
            @JsonProperty("loss_before") Double lossBefore,
            @JsonProperty("loss_after") Double lossAfter,
            @JsonProperty("settings") SortedMap<String, String> settings) {}

    /**
     * How an 8-bit model was made.
     *
     * @param base name of the model in full precision
     * @param digest of that model
     * @param texts on which was measured how large its activations get
     * @param sample sha256 of those texts
     */
    @JsonPropertyOrder({"base", "digest", "texts", "sample"})
    public record Calibration(
            @JsonProperty("base") String base,
            @JsonProperty("digest") String digest,
            @JsonProperty("texts") int texts,
            @JsonProperty("sample") String sample) {}

    /** Size and sha256 (lower-case hexadecimal) of a file. */
    @JsonPropertyOrder({"bytes", "sha256"})
    public record FileEntry(
            @JsonProperty("bytes") long bytes,
            @JsonProperty("sha256") String sha256) {

        /**
         * Fails when {@code found} is not this.
         *
         * @param model where the file was found
         * @param name of the file
         */
        public void requireEqual(FileEntry found, String model, String name) {
            if (!equals(found)) {
                throw ClozeException.model(
                        "open model " + model,
                        name + " has sha256 " + found.sha256() + " (" + found.bytes() + " bytes), " + Bundle.MANIFEST
                                + " says " + sha256 + " (" + bytes + " bytes)",
                        "the file is damaged: delete the directory and import the model again");
            }
        }
    }
}
