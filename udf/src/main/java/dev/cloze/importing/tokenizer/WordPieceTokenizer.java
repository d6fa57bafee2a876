package dev.cloze.importing.tokenizer;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cloze.failure.ClozeException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Google's {@code vocab.txt} as a {@code tokenizer.json} of the tokenizers library, equal to transformers' BertTokenizer. */
public final class WordPieceTokenizer {
    public static final String MASK = "[MASK]";
    public static final String PAD = "[PAD]";
    private static final String CLS = "[CLS]";
    private static final String SEP = "[SEP]";
    private static final String UNKNOWN = "[UNK]";
    private static final int LONGEST_WORD = 100;

    private final ObjectMapper json = new ObjectMapper();
    private final List<String> vocabulary;
    private final boolean lowerCase;

    /**
     * @param vocabulary tokens by their ids
     * @param lowerCase whether texts are lower-cased before they are cut into tokens
     */
    public WordPieceTokenizer(List<String> vocabulary, boolean lowerCase) {
        this.vocabulary = vocabulary;
        this.lowerCase = lowerCase;
    }

    /** As {@code tokenizer.json} has it. */
    public byte[] toJson() {
        ObjectNode root = json.createObjectNode().put("version", "1.0");
        root.putNull("truncation").putNull("padding");
        ArrayNode added = root.putArray("added_tokens");
        for (String token : List.of(PAD, UNKNOWN, CLS, SEP, MASK)) {
            added.addObject()
                    .put("id", id(token))
                    .put("content", token)
                    .put("single_word", false)
                    .put("lstrip", false)
                    .put("rstrip", false)
                    .put("normalized", false)
                    .put("special", true);
        }
        root.putObject("normalizer")
                .put("type", "BertNormalizer")
                .put("clean_text", true)
                .put("handle_chinese_chars", true)
                .put("lowercase", lowerCase)
                .putNull("strip_accents");
        root.putObject("pre_tokenizer").put("type", "BertPreTokenizer");
        template(root.putObject("post_processor"));
        root.putObject("decoder").put("type", "WordPiece").put("prefix", "##").put("cleanup", true);
        ObjectNode model = root.putObject("model")
                .put("type", "WordPiece")
                .put("unk_token", UNKNOWN)
                .put("continuing_subword_prefix", "##")
                .put("max_input_chars_per_word", LONGEST_WORD);
        ObjectNode ids = model.putObject("vocab");
        for (int i = 0; i < vocabulary.size(); i++) {
            ids.put(vocabulary.get(i), i);
        }
        return root.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** [CLS] first [SEP], or [CLS] first [SEP] second [SEP] with token type 1 from the second on. */
    private void template(ObjectNode processor) {
        processor.put("type", "TemplateProcessing");
        ArrayNode single = processor.putArray("single");
        special(single, CLS, 0);
        sequence(single, "A", 0);
        special(single, SEP, 0);
        ArrayNode pair = processor.putArray("pair");
        pair.addAll(single.deepCopy());
        sequence(pair, "B", 1);
        special(pair, SEP, 1);
        ObjectNode tokens = processor.putObject("special_tokens");
        for (String token : List.of(CLS, SEP)) {
            ObjectNode described = tokens.putObject(token).put("id", token);
            described.putArray("ids").add(id(token));
            described.putArray("tokens").add(token);
        }
    }

    private static void special(ArrayNode template, String token, int type) {
        template.addObject().putObject("SpecialToken").put("id", token).put("type_id", type);
    }

    private static void sequence(ArrayNode template, String name, int type) {
        template.addObject().putObject("Sequence").put("id", name).put("type_id", type);
    }

    private int id(String token) {
        int id = vocabulary.indexOf(token);
        if (id < 0) {
            throw ClozeException.model("read the vocabulary", "it has no " + token, "use the vocab.txt of a BERT");
        }
        return id;
    }
}
