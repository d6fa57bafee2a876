package dev.cloze.importing.tokenizer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cloze.importing.source.Subject;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/** Google's {@code vocab.txt} as a {@code tokenizer.json} of the tokenizers library, equal to transformers' BertTokenizer. */
public final class WordPieceTokenizer {
    public static final String MASK = "[MASK]";
    public static final String PAD = "[PAD]";
    private static final String UNKNOWN = "[UNK]";
    private static final int LONGEST_WORD = 100;

    private final Map<String, Integer> ids = new HashMap<>();
    private final List<String> vocabulary;
    private final Specials specials;
    private final BertNormalizer normalizer;
    private final Subject subject;

    /**
     * The special tokens of a vocabulary.
     *
     * @param names of them, in the order in which they are listed; the last one is the mask
     * @param mask what the mask does with a blank before it
     * @param around makes what stands around one text and two of the ids of special tokens
     */
    record Specials(
            List<String> names,
            TokenizerJson.Stripping mask,
            Function<ToIntFunction<String>, ObjectNode> around) {
        static final Specials OF_BERT = new Specials(
                List.of(PAD, UNKNOWN, "[CLS]", "[SEP]", MASK),
                TokenizerJson.Stripping.NONE,
                ids -> TokenizerJson.template("[CLS]:0 $A:0 [SEP]:0", "[CLS]:0 $A:0 [SEP]:0 $B:1 [SEP]:1", ids));
        static final Specials OF_MPNET = new Specials(
                List.of("<s>", "<pad>", "</s>", UNKNOWN, "<mask>"),
                TokenizerJson.Stripping.LEFT,
                TokenizerJson::robertaProcessing);
    }

    /**
     * A tokenizer of BERT.
     *
     * @param vocabulary tokens by their ids
     * @param lowerCase whether texts are lower-cased before they are cut into tokens
     * @param subject of refusals
     */
    public WordPieceTokenizer(List<String> vocabulary, boolean lowerCase, Subject subject) {
        this(vocabulary, Specials.OF_BERT, new BertNormalizer(lowerCase, Optional.empty(), true), subject);
    }

    WordPieceTokenizer(List<String> vocabulary, Specials specials, BertNormalizer normalizer, Subject subject) {
        this.vocabulary = vocabulary;
        this.specials = specials;
        this.normalizer = normalizer;
        this.subject = subject;
        for (int i = 0; i < vocabulary.size(); i++) {
            ids.put(vocabulary.get(i), i);
        }
    }

    /** As {@code tokenizer.json} has it. */
    public byte[] toJson() {
        return json().toString().getBytes(StandardCharsets.UTF_8);
    }

    ObjectNode json() {
        ObjectNode root = TokenizerJson.empty();
        String mask = specials.names().get(specials.names().size() - 1);
        for (String token : specials.names()) {
            boolean isMask = token.equals(mask);
            TokenizerJson.addSpecial(root, token, id(token), isMask ? specials.mask() : TokenizerJson.Stripping.NONE);
        }
        root.set("normalizer", normalizer.json());
        root.set("pre_tokenizer", TokenizerJson.part("BertPreTokenizer"));
        root.set("post_processor", specials.around().apply(this::id));
        root.set("decoder", TokenizerJson.part("WordPiece").put("prefix", "##").put("cleanup", true));
        ObjectNode model = root.putObject("model")
                .put("type", "WordPiece")
                .put("unk_token", UNKNOWN)
                .put("continuing_subword_prefix", "##")
                .put("max_input_chars_per_word", LONGEST_WORD);
        ObjectNode words = model.putObject("vocab");
        for (int i = 0; i < vocabulary.size(); i++) {
            words.put(vocabulary.get(i), i);
        }
        return root;
    }

    private int id(String token) {
        Integer id = ids.get(token);
        if (id == null) {
            throw subject.refuse(
                    "its vocab.txt has no " + token, "put the vocab.txt there that was saved with the model");
        }
        return id;
    }
}
