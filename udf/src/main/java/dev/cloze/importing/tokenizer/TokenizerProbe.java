package dev.cloze.importing.tokenizer;

import dev.cloze.bundle.Manifest;
import dev.cloze.failure.ClozeException;
import dev.cloze.importing.ModelProcess;
import dev.cloze.importing.source.Subject;
import dev.cloze.text.Document;
import dev.cloze.text.SubwordTokenizer;
import dev.cloze.text.TokenizedDocument;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Tries a model's tokenizer on texts of many kinds. The library ends the whole process for some files, so a stranger's tokenizer is
 * first tried in a process of its own ({@link ModelProcess}).
 */
public final class TokenizerProbe {
    private static final List<String> BITS = List.of(
            "a",
            "The capital of France is Paris.",
            " ",
            "\n\t",
            "\u0000\u0007",
            "\u00a0\u200b\u00ad\ufeff",
            "caf\u00e9 e\u0301 n\u0303",
            "\ufb01 \u0130 \u00df \u1e9b\u0323",
            "\ud83d\ude00\ud83d\udc4d\ud83c\udffd\ud83c\uddeb\ud83c\uddf7\u2764\ufe0f",
            "\ud83d",
            "\u0645\u0631\u062d\u0628\u0627 \u05e9\u05dc\u05d5\u05dd \u202e",
            "\u4e2d\u6587\u65e5\u672c \ud55c\uad6d\uc5b4 \u0e44\u0e17\u0e22 \u0939\u093f\u0928\u094d\u0926\u0940",
            "\u041f\u0440\u0438\u0432\u0435\u0442 \u0393\u03b5\u03b9\u03ac",
            "\ud840\udc00\uffff",
            "[MASK] [SEP] [CLS] [PAD] [UNK] <mask> <s> </s> <pad> <unk> <|endoftext|>",
            "##ing \u2581x \u0120y",
            "1,234.5 https://x.y/z?q=1#f",
            "x".repeat(300));
    private static final int LONG = 2_000;
    private static final int MIXED = 40;
    private static final long SEED = 12;

    private final SubwordTokenizer tokenizer;
    private final int vocabularySize;
    private final Subject subject;

    private TokenizerProbe(SubwordTokenizer tokenizer, int vocabularySize, Subject subject) {
        this.tokenizer = tokenizer;
        this.vocabularySize = vocabularySize;
        this.subject = subject;
    }

    /** Fails when the tokenizer in {@code file} is not fit for the model that {@code described} describes. */
    public static void require(Path file, Manifest described, Subject subject) {
        try (SubwordTokenizer tokenizer = open(file, subject)) {
            TokenizerProbe probe = new TokenizerProbe(tokenizer, described.vocabularySize(), subject);
            probe.requireVocabulary();
            probe.requireToken(described.padToken());
            Optional.ofNullable(described.maskToken()).ifPresent(probe::requireMask);
            Optional.ofNullable(described.startToken()).ifPresent(probe::requireToken);
            texts().forEach(probe::tryText);
        } catch (ClozeException e) {
            throw e;
        } catch (RuntimeException e) {
            // The library fails on a text.
            throw explained(e, file, subject);
        }
    }

    private static SubwordTokenizer open(Path file, Subject subject) {
        try {
            return SubwordTokenizer.open(file);
        } catch (ClozeException e) {
            throw explained(e, file, subject);
        }
    }

    /** A failure of the library, in a sentence of ours where a missing token for unknown words explains it. */
    private static RuntimeException explained(RuntimeException failure, Path file, Subject subject) {
        return UnknownToken.problem(file)
                .<RuntimeException>map(problem -> subject.refuse(
                        "its tokenizer.json has no token for unknown words: its model " + problem,
                        "use the tokenizer.json that was saved with the model, or name the token for unknown words there that"
                                + " the model was trained with",
                        failure))
                .orElse(failure);
    }

    private void requireVocabulary() {
        int size = tokenizer.vocabulary().size();
        if (size > vocabularySize) {
            throw subject.refuse(
                    "the model has " + vocabularySize + " words, its tokenizer " + size + " ("
                            + Subject.shown(tokenizer.vocabulary().token(size - 1)) + " has the id " + (size - 1) + ")",
                    "use the tokenizer that the model was trained with");
        }
        if (tokenizer.pieces("a").length == 0) {
            throw subject.refuse(
                    "its tokenizer gives no token for the text \"a\"",
                    "use the tokenizer that the model was trained with");
        }
    }

    private long requireToken(String token) {
        return tokenizer
                .vocabulary()
                .id(token)
                .orElseThrow(() -> subject.refuse(
                        "its tokenizer has no token " + Subject.shown(token),
                        "use the tokenizer that the model was trained with"));
    }

    /** A mask that is written in a text must be seen as one. */
    private void requireMask(String mask) {
        long id = requireToken(mask);
        TokenizedDocument encoded = encode("a " + mask + " b", Optional.empty());
        if (LongStream.of(encoded.ids()).filter(each -> each == id).count() != 1) {
            throw subject.refuse(
                    "its tokenizer does not read its mask token " + Subject.shown(mask) + " as one token",
                    "list the mask token under added_tokens in tokenizer.json");
        }
    }

    private static Stream<String> texts() {
        Random random = new Random(SEED);
        List<String> texts = new ArrayList<>(List.of("", String.join(" ", BITS), "word ".repeat(LONG)));
        texts.addAll(BITS);
        for (int i = 0; i < MIXED; i++) {
            StringBuilder mixed = new StringBuilder();
            random.ints(1 + i / 2, 0, BITS.size()).forEach(bit -> mixed.append(BITS.get(bit)));
            texts.add(mixed.toString());
        }
        return texts.stream();
    }

    private void tryText(String text) {
        decode(encode(text, Optional.empty()).ids());
        decode(encode(text, Optional.of("and " + text)).ids());
        decode(tokenizer.pieces(text));
    }

    private TokenizedDocument encode(String text, Optional<String> pair) {
        return tokenizer.encode(new Document("probe", text, pair));
    }

    private void decode(long[] ids) {
        for (long id : ids) {
            if (id < 0 || id >= vocabularySize) {
                throw subject.refuse(
                        "its tokenizer gives the id " + id + ", the model has " + vocabularySize + " words",
                        "use the tokenizer that the model was trained with");
            }
        }
        tokenizer.decode(ids);
        tokenizer.decodeContent(ids);
        LongStream.of(ids).distinct().forEach(tokenizer::piece);
    }
}
