package dev.cloze.importing.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cloze.importing.source.Subject;
import java.util.List;

/**
 * {@code vocab.json} and {@code merges.txt}, the pairs of bytes of GPT-2 and RoBERTa, as a {@code tokenizer.json}.
 *
 * @param vocabulary ids by tokens
 * @param merges lines of {@code merges.txt}
 * @param blank whether a blank is put before a text ({@code add_prefix_space})
 * @param subject of refusals
 */
record ByteLevelTokenizer(JsonNode vocabulary, List<String> merges, boolean blank, Subject subject) {
    private static final String END = "<|endoftext|>";

    ObjectNode ofRoberta() {
        ObjectNode root = TokenizerJson.empty();
        for (String token : List.of("<s>", "<pad>", "</s>", "<unk>")) {
            TokenizerJson.addSpecial(root, token, id(token), TokenizerJson.Stripping.NONE);
        }
        TokenizerJson.addSpecial(root, "<mask>", id("<mask>"), TokenizerJson.Stripping.LEFT);
        return complete(
                root, TokenizerJson.robertaProcessing(this::id).put("add_prefix_space", blank));
    }

    ObjectNode ofGpt2() {
        ObjectNode root = TokenizerJson.empty();
        TokenizerJson.addSpecial(root, END, id(END), TokenizerJson.Stripping.NONE);
        ObjectNode processor = TokenizerJson.part("ByteLevel")
                .put("add_prefix_space", true)
                .put("trim_offsets", false)
                .put("use_regex", true);
        return complete(root, processor);
    }

    private ObjectNode complete(ObjectNode root, ObjectNode processor) {
        root.putNull("normalizer");
        root.set("pre_tokenizer", byteLevel(blank));
        root.set("post_processor", processor);
        root.set("decoder", byteLevel(true));
        ObjectNode model = root.putObject("model").put("type", "BPE");
        model.putNull("dropout").putNull("unk_token");
        model.put("continuing_subword_prefix", "").put("end_of_word_suffix", "").put("fuse_unk", false);
        model.set("vocab", vocabulary);
        ArrayNode pairs = model.putArray("merges");
        merges.stream()
                .filter(line -> !line.startsWith("#version") && line.strip().split(" ").length == 2)
                .forEach(line -> pairs.add(line.strip()));
        return root;
    }

    private static ObjectNode byteLevel(boolean blank) {
        return TokenizerJson.part("ByteLevel")
                .put("add_prefix_space", blank)
                .put("trim_offsets", true)
                .put("use_regex", true);
    }

    private int id(String token) {
        JsonNode id = vocabulary.path(token);
        if (!id.isInt()) {
            throw subject.refuse(
                    "its vocab.json has no " + token, "put the vocab.json there that was saved with the model");
        }
        return id.asInt();
    }
}
