package dev.cloze.scoring;

import dev.cloze.failure.ClozeException;
import dev.cloze.text.SubwordTokenizer;
import dev.cloze.text.Vocabulary;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Which candidates a mask may be filled with: ids of the model's vocabulary, found once on the driver. */
public sealed interface Targets extends Serializable {

    /** Words at most: those of several pieces are asked about one by one, at every mask. */
    int MOST = 10_000;

    /** How words are understood. */
    enum Mode {
        /** See {@link #words}. */
        WORD,
        /** See {@link #firstPieces}. */
        HF
    }

    /** The whole vocabulary. */
    static Targets any() {
        return new Any();
    }

    /**
     * The rule of the Python pipeline (transformers {@code FillMaskPipeline.get_target_ids}): the raw string as a vocabulary
     * key; else the first piece it is cut into, with a warning; else it is left out, with a warning.
     */
    static Targets firstPieces(List<String> words, SubwordTokenizer tokenizer, Consumer<String> warnings) {
        Set<Long> ids = new LinkedHashSet<>();
        for (String word : words) {
            OptionalLong known = tokenizer.vocabulary().id(word);
            if (known.isPresent()) {
                ids.add(known.getAsLong());
                continue;
            }
            long[] pieces = tokenizer.pieces(word);
            if (pieces.length == 0) {
                warnings.accept("The specified target token `" + word + "` does not exist in the model vocabulary. We"
                        + " cannot replace it with anything meaningful, ignoring it");
            } else {
                warnings.accept("The specified target token `" + word + "` does not exist in the model vocabulary."
                        + " Replacing with `" + tokenizer.vocabulary().token(pieces[0]) + "`.");
                ids.add(pieces[0]);
            }
        }
        if (ids.isEmpty()) {
            throw ClozeException.user(
                    "use the targets " + quoted(words),
                    "at least one target must be provided when passed",
                    "give words that the model can spell");
        }
        return new Ids(ids.stream().mapToLong(Long::longValue).sorted().toArray());
    }

    /** Whole words of any number of pieces, each scored as one. */
    static Targets words(List<String> words, SubwordTokenizer tokenizer) {
        Map<String, Word> found = new LinkedHashMap<>();
        List<String> unspeakable = new ArrayList<>();
        for (String word : words) {
            long[] alone = tokenizer.pieces(word);
            long[] afterBlank = tokenizer.pieces(" " + word);
            if (isSpelled(alone, tokenizer.vocabulary()) && isSpelled(afterBlank, tokenizer.vocabulary())) {
                found.put(word, new Word(word, alone, afterBlank));
            } else {
                unspeakable.add(word);
            }
        }
        if (!unspeakable.isEmpty() || found.isEmpty()) {
            throw ClozeException.user(
                    "use the targets " + quoted(found.isEmpty() ? words : unspeakable),
                    "the model's vocabulary cannot spell them",
                    "leave them out");
        }
        return new Words(List.copyOf(found.values()));
    }

    private static String quoted(List<String> words) {
        return words.stream().map(word -> "\"" + word + "\"").collect(Collectors.joining(", "));
    }

    private static boolean isSpelled(long[] pieces, Vocabulary vocabulary) {
        for (long piece : pieces) {
            if (vocabulary.isUnknown(piece)) {
                return false;
            }
        }
        return pieces.length > 0;
    }

    /** See {@link #any()}. */
    record Any() implements Targets {}

    /** Tokens; rising ids. */
    record Ids(long[] ids) implements Targets {}

    /** See {@link #words}. */
    record Words(List<Word> words) implements Targets {}

    /**
     * A word as it was asked for, and its pieces where it starts a text or follows a mark, and where it follows a blank: the
     * same for most tokenizers, not for byte-level ones.
     */
    record Word(String text, long[] alone, long[] afterBlank) implements Serializable {}
}
