package dev.cloze.importing.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.ToIntFunction;

/** Parts of a {@code tokenizer.json} of the tokenizers library. */
final class TokenizerJson {
    private static final JsonNodeFactory JSON = new ObjectMapper().getNodeFactory();

    private TokenizerJson() {}

    /** A file without anything in it. */
    static ObjectNode empty() {
        ObjectNode root = object().put("version", "1.0");
        root.putNull("truncation").putNull("padding");
        root.putArray("added_tokens");
        return root;
    }

    /** A token that stands for itself in every text; {@code stripping} ones swallow the blank before them. */
    static void addSpecial(ObjectNode root, String token, int id, Stripping stripping) {
        ((ArrayNode) root.get("added_tokens"))
                .add(added(token, id)
                        .put("lstrip", stripping == Stripping.LEFT)
                        .put("normalized", false)
                        .put("special", true));
    }

    /** An ordinary token that was added to a vocabulary, as an entry of {@code added_tokens}. */
    static ObjectNode added(String token, int id) {
        return object().put("id", id)
                .put("content", token)
                .put("single_word", false)
                .put("lstrip", false)
                .put("rstrip", false)
                .put("normalized", true)
                .put("special", false);
    }

    /** What a special token does with blanks beside it. */
    enum Stripping {
        NONE,
        LEFT
    }

    static ObjectNode object() {
        return JSON.objectNode();
    }

    static ObjectNode part(String type) {
        return object().put("type", type);
    }

    /** Several normalisers or pre-tokenisers, one after the other. */
    static ObjectNode sequence(String key, JsonNode... parts) {
        ObjectNode sequence = part("Sequence");
        ArrayNode all = sequence.putArray(key);
        for (JsonNode each : parts) {
            all.add(each);
        }
        return sequence;
    }

    /** Replaces what the regular expression or text {@code pattern} of {@code kind} finds. */
    static ObjectNode replacing(String kind, String pattern, String content) {
        ObjectNode replace = part("Replace");
        replace.putObject("pattern").put(kind, pattern);
        return replace.put("content", content);
    }

    /**
     * RoBERTa's {@code <s> text </s>}; the offsets of a token leave out the blanks around it.
     *
     * @param ids of the special tokens
     */
    static ObjectNode robertaProcessing(ToIntFunction<String> ids) {
        ObjectNode processor = part("RobertaProcessing");
        processor.putArray("sep").add("</s>").add(ids.applyAsInt("</s>"));
        processor.putArray("cls").add("<s>").add(ids.applyAsInt("<s>"));
        return processor.put("trim_offsets", true).put("add_prefix_space", false);
    }

    /**
     * What stands around one text and around two, such as {@code [CLS]:0 $A:0 [SEP]:0}.
     *
     * @param ids of the special tokens
     */
    static ObjectNode template(String single, String pair, ToIntFunction<String> ids) {
        ObjectNode template = part("TemplateProcessing");
        fill(template.putArray("single"), single);
        fill(template.putArray("pair"), pair);
        ObjectNode tokens = template.putObject("special_tokens");
        for (String word : pair.split(" ")) {
            String token = word.substring(0, word.lastIndexOf(':'));
            if (!token.startsWith("$")) {
                ObjectNode described = tokens.putObject(token).put("id", token);
                described.putArray("ids").add(ids.applyAsInt(token));
                described.putArray("tokens").add(token);
            }
        }
        return template;
    }

    private static void fill(ArrayNode template, String words) {
        for (String word : words.split(" ")) {
            int colon = word.lastIndexOf(':');
            String token = word.substring(0, colon);
            ObjectNode described = token.startsWith("$")
                    ? template.addObject().putObject("Sequence").put("id", token.substring(1))
                    : template.addObject().putObject("SpecialToken").put("id", token);
            described.put("type_id", Integer.parseInt(word.substring(colon + 1)));
        }
    }
}
