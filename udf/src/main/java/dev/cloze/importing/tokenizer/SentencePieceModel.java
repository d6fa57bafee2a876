package dev.cloze.importing.tokenizer;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.cloze.importing.source.Subject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A model of SentencePiece (google/sentencepiece {@code sentencepiece_model.proto}).
 *
 * @param pieces by their ids
 * @param unigram whether pieces are chosen by their scores
 * @param unknown id of the piece for what no other spells
 * @param characters the table by which characters are normalised, as the library has compiled it; may be empty
 */
record SentencePieceModel(List<Piece> pieces, boolean unigram, int unknown, ByteString characters) {
    private static final int PIECES = 1;
    private static final int TRAINER = 2;
    private static final int NORMALIZER = 3;
    private static final int MODEL_TYPE = 3;
    private static final int UNKNOWN_ID = 40;
    private static final int CHARACTERS = 2;
    private static final int PIECE_TEXT = 1;
    private static final int PIECE_SCORE = 2;
    private static final int PIECE_TYPE = 3;
    private static final int UNIGRAM = 1;
    private static final long LARGEST = 256L << 20;

    /**
     * A piece of a word.
     *
     * @param score logarithm of its probability
     * @param type 1 for an ordinary one, 2 for the unknown one, 3 for one of control
     */
    record Piece(String text, double score, int type) {}

    static SentencePieceModel read(Path file, String name, Subject subject) {
        try {
            if (Files.size(file) > LARGEST) {
                throw subject.refuse("its " + name + " is too large", "use the file that was saved with the model");
            }
            return read(CodedInputStream.newInstance(Files.readAllBytes(file)));
        } catch (IOException e) {
            throw subject.refuse(
                    "its " + name + " is not a model of SentencePiece, or damaged (" + e.getMessage() + ")",
                    "download the file again",
                    e);
        }
    }

    private static SentencePieceModel read(CodedInputStream in) throws IOException {
        List<Piece> pieces = new ArrayList<>();
        int[] trainer = {UNIGRAM, 0};
        ByteString[] characters = {ByteString.EMPTY};
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case PIECES -> pieces.add(piece(in.readBytes().newCodedInput()));
                case TRAINER -> readTrainer(in.readBytes().newCodedInput(), trainer);
                case NORMALIZER -> characters[0] = characters(in.readBytes().newCodedInput());
                default -> in.skipField(tag);
            }
        }
        return new SentencePieceModel(pieces, trainer[0] == UNIGRAM, trainer[1], characters[0]);
    }

    private static Piece piece(CodedInputStream in) throws IOException {
        String text = "";
        float score = 0;
        int type = 1;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case PIECE_TEXT -> text = in.readStringRequireUtf8();
                case PIECE_SCORE -> score = in.readFloat();
                case PIECE_TYPE -> type = in.readEnum();
                default -> in.skipField(tag);
            }
        }
        return new Piece(text, score, type);
    }

    /** Into the kind of the model and the id of the unknown piece. */
    private static void readTrainer(CodedInputStream in, int[] trainer) throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case MODEL_TYPE -> trainer[0] = in.readEnum();
                case UNKNOWN_ID -> trainer[1] = in.readInt32();
                default -> in.skipField(tag);
            }
        }
    }

    private static ByteString characters(CodedInputStream in) throws IOException {
        ByteString found = ByteString.EMPTY;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (WireFormat.getTagFieldNumber(tag) == CHARACTERS) {
                found = in.readBytes();
            } else {
                in.skipField(tag);
            }
        }
        return found;
    }
}
