package dev.cloze.importing.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cloze.importing.source.Subject;
import dev.cloze.importing.tokenizer.SentencePieceModel.Piece;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A model of SentencePiece as a {@code tokenizer.json}, in the way that each family numbers its pieces: what {@code convert_slow_tokenizer.py} of
 * transformers does.
 *
 * @param model the pieces
 * @param config {@code tokenizer_config.json}
 * @param subject of refusals
 */
record SentencePieceTokenizer(SentencePieceModel model, JsonNode config, Subject subject) {
    private static final String BLANK = "\u2581";
    private static final int UNKNOWN_OF_FAIRSEQ = 3;
    private static final double NEVER = -100;
    private static final String REGEX = "Regex";
    private static final String TEXT = "String";
    private static final String BLANKS = " {2,}";

    /** Fairseq's four specials take the place of SentencePiece's first three pieces. */
    ObjectNode ofXlmRoberta() {
        List<Piece> pieces = new ArrayList<>(specials("<s>", "<pad>", "</s>", "<unk>"));
        pieces.addAll(from(UNKNOWN_OF_FAIRSEQ));
        return ofFairseq(pieces, List.of("<s>", "<pad>", "</s>", "<unk>"));
    }

    /** Fairseq's specials before the pieces, which have other ones with the same names. */
    ObjectNode ofCamembert() {
        List<Piece> pieces = new ArrayList<>(specials("<s>NOTUSED", "<pad>", "</s>NOTUSED", "<unk>"));
        pieces.add(new Piece("<unk>NOTUSED", NEVER, 1));
        pieces.addAll(from(1));
        return ofFairseq(pieces, List.of("<s>", "<pad>", "</s>", "<unk>", "<s>NOTUSED", "</s>NOTUSED", "<unk>NOTUSED"));
    }

    private ObjectNode ofFairseq(List<Piece> pieces, List<String> special) {
        pieces.addAll(specials("<mask>"));
        List<JsonNode> normalizers = new ArrayList<>();
        addCharacters(normalizers);
        normalizers.add(TokenizerJson.part("Strip").put("strip_left", false).put("strip_right", true));
        normalizers.add(TokenizerJson.replacing(REGEX, BLANKS, BLANK));
        Numbered numbered = new Numbered(pieces);
        ObjectNode root = numbered.file(special, "<mask>", subject);
        return complete(
                root,
                normalizers,
                metaspace(),
                TokenizerJson.template("<s>:0 $A:0 </s>:0", "<s>:0 $A:0 </s>:0 </s>:0 $B:0 </s>:0", numbered::id),
                unigram(pieces, UNKNOWN_OF_FAIRSEQ));
    }

    ObjectNode ofAlbert() {
        List<Piece> pieces = model.pieces().stream()
                .map(SentencePieceTokenizer::withoutNumberAndComma)
                .toList();
        List<JsonNode> normalizers = new ArrayList<>(
                List.of(TokenizerJson.replacing(TEXT, "``", "\""), TokenizerJson.replacing(TEXT, "''", "\"")));
        if (!config.path("keep_accents").asBoolean(false)) {
            normalizers.add(TokenizerJson.part("NFKD"));
            normalizers.add(TokenizerJson.part("StripAccents"));
        }
        if (config.path("do_lower_case").asBoolean(true)) {
            normalizers.add(TokenizerJson.part("Lowercase"));
        }
        addCharacters(normalizers);
        normalizers.add(TokenizerJson.replacing(REGEX, BLANKS, " "));
        return ofBertsTemplate(pieces, List.of("<pad>", "<unk>", "[CLS]", "[SEP]"), normalizers, metaspace());
    }

    /** Its mask comes behind the pieces. */
    ObjectNode ofDeberta() {
        List<Piece> pieces = new ArrayList<>(model.pieces());
        pieces.addAll(specials("[MASK]"));
        List<JsonNode> normalizers = new ArrayList<>();
        if (config.path("do_lower_case").asBoolean(false)) {
            normalizers.add(TokenizerJson.part("Lowercase"));
        }
        normalizers.add(TokenizerJson.part("Strip").put("strip_left", true).put("strip_right", true));
        addCharacters(normalizers);
        normalizers.add(TokenizerJson.replacing(REGEX, BLANKS, " "));
        JsonNode cuts = config.path("split_by_punct").asBoolean(false)
                ? TokenizerJson.sequence(
                        "pretokenizers", TokenizerJson.part("Punctuation").put("behavior", "Isolated"), metaspace())
                : TokenizerJson.sequence("pretokenizers", metaspace());
        return ofBertsTemplate(pieces, List.of("[PAD]", "[CLS]", "[SEP]", "[UNK]"), normalizers, cuts);
    }

    private ObjectNode ofBertsTemplate(
            List<Piece> pieces, List<String> special, List<JsonNode> normalizers, JsonNode cuts) {
        Numbered numbered = new Numbered(pieces);
        return complete(
                numbered.file(special, "[MASK]", subject),
                normalizers,
                cuts,
                TokenizerJson.template("[CLS]:0 $A:0 [SEP]:0", "[CLS]:0 $A:0 [SEP]:0 $B:1 [SEP]:1", numbered::id),
                unigram(pieces, model.unknown()));
    }

    private static ObjectNode complete(
            ObjectNode root, List<JsonNode> normalizers, JsonNode cuts, JsonNode processor, JsonNode pieces) {
        root.set("normalizer", TokenizerJson.sequence("normalizers", normalizers.toArray(JsonNode[]::new)));
        root.set("pre_tokenizer", cuts);
        root.set("post_processor", processor);
        root.set("decoder", metaspace());
        root.set("model", pieces);
        return root;
    }

    private void addCharacters(List<JsonNode> normalizers) {
        if (!model.characters().isEmpty()) {
            String table = Base64.getEncoder().encodeToString(model.characters().toByteArray());
            normalizers.add(TokenizerJson.part("Precompiled").put("precompiled_charsmap", table));
        }
    }

    private static ObjectNode metaspace() {
        return TokenizerJson.part("Metaspace")
                .put("replacement", BLANK)
                .put("prepend_scheme", "always")
                .put("split", true);
    }

    private static ObjectNode unigram(List<Piece> pieces, int unknown) {
        ObjectNode json = TokenizerJson.part("Unigram").put("unk_id", unknown);
        ArrayNode vocabulary = json.putArray("vocab");
        pieces.forEach(piece -> vocabulary.addArray().add(piece.text()).add(piece.score()));
        return json.put("byte_fallback", false);
    }

    private List<Piece> from(int first) {
        return model.pieces()
                .subList(Math.min(first, model.pieces().size()), model.pieces().size());
    }

    private static List<Piece> specials(String... names) {
        return List.of(names).stream().map(name -> new Piece(name, 0, 1)).toList();
    }

    /** A number with a comma behind it is cut in two. */
    private static Piece withoutNumberAndComma(Piece piece) {
        String text = piece.text();
        boolean whole = text.length() >= 2 && text.endsWith(",") && Character.isDigit(text.charAt(text.length() - 2));
        return whole ? new Piece(text, piece.score() + NEVER, piece.type()) : piece;
    }

    /** Pieces by their texts; of equal ones the last. */
    private static final class Numbered {
        private final List<Piece> pieces;
        private final Map<String, Integer> ids = new HashMap<>();

        Numbered(List<Piece> pieces) {
            this.pieces = pieces;
            for (int i = 0; i < pieces.size(); i++) {
                ids.put(pieces.get(i).text(), i);
            }
        }

        int id(String text) {
            return ids.getOrDefault(text, -1);
        }

        /** A file with the special tokens: the named ones, and the model's own. */
        ObjectNode file(List<String> special, String mask, Subject subject) {
            ObjectNode root = TokenizerJson.empty();
            for (int i = 0; i < pieces.size(); i++) {
                Piece piece = pieces.get(i);
                boolean isMask = piece.text().equals(mask);
                if ((isMask || special.contains(piece.text()) || piece.type() == 3) && id(piece.text()) == i) {
                    TokenizerJson.addSpecial(
                            root,
                            piece.text(),
                            i,
                            isMask ? TokenizerJson.Stripping.LEFT : TokenizerJson.Stripping.NONE);
                }
            }
            if (!ids.keySet().containsAll(special) || !ids.containsKey(mask)) {
                throw subject.refuse(
                        "its model of SentencePiece lacks one of the tokens " + special + " and " + mask,
                        "use the file that was saved with the model");
            }
            return root;
        }
    }
}
