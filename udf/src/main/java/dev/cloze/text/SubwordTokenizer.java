package dev.cloze.text;

import ai.djl.engine.EngineException;
import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import ai.djl.util.Utils;
import dev.cloze.failure.ClozeException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The model's own tokenizer, read from {@code tokenizer.json}. Safe to call from several threads; holds native memory
 * until closed. This is the only file that knows the tokenizers library.
 */
public final class SubwordTokenizer implements AutoCloseable {
    static {
        // Before the first class of the library loads: no usage statistics, no look-ups on the network, and no probe
        // for a CUDA build of the native library, which would be downloaded.
        System.setProperty("OPT_OUT_TRACKING", "true");
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("RUST_FLAVOR", "cpu");
    }

    /** The library reads these variables of the environment first; with other values than these the settings above are void. */
    private static final Map<String, String> QUIET =
            Map.of("OPT_OUT_TRACKING", "true", "DJL_OFFLINE", "true", "RUST_FLAVOR", "cpu");

    private final HuggingFaceTokenizer tokenizer;
    private final Vocabulary vocabulary;
    private final Pieces pieces = new Pieces(this);

    private SubwordTokenizer(HuggingFaceTokenizer tokenizer, Vocabulary vocabulary) {
        this.tokenizer = tokenizer;
        this.vocabulary = vocabulary;
    }

    /** Opens {@code tokenizer.json}; truncation and padding that are written in the file are switched off. */
    public static SubwordTokenizer open(Path tokenizerJson) {
        Vocabulary vocabulary = Vocabulary.read(tokenizerJson);
        try {
            Map<String, String> neverCut = Map.of("truncation", "false", "padding", "false");
            return new SubwordTokenizer(HuggingFaceTokenizer.newInstance(tokenizerJson, neverCut), vocabulary);
        } catch (EngineException e) {
            throw unloadable(e);
        } catch (IOException | RuntimeException e) {
            throw ClozeException.model(
                    "read tokenizer " + tokenizerJson,
                    String.valueOf(e.getMessage()),
                    "use a tokenizer.json of the tokenizers library",
                    e);
        } catch (UnsatisfiedLinkError | ExceptionInInitializerError | NoClassDefFoundError e) {
            throw unloadable(e);
        }
    }

    private static ClozeException unloadable(Throwable e) {
        return ClozeException.resources(
                "load the native tokenizer",
                String.valueOf(e.getMessage()),
                "make " + libraryCache() + " writable, which DJL_CACHE_DIR or ENGINE_CACHE_DIR names",
                e);
    }

    /** The variable of {@code environment}, if any, that lets the library use the network. */
    public static Optional<String> undone(Map<String, String> environment) {
        return QUIET.keySet().stream()
                .filter(name -> !environment.getOrDefault(name, QUIET.get(name)).equalsIgnoreCase(QUIET.get(name)))
                .sorted()
                .findFirst();
    }

    /** Where the library unpacks its native part. */
    public static Path libraryCache() {
        return Utils.getEngineCacheDir("tokenizers");
    }

    public Vocabulary vocabulary() {
        return vocabulary;
    }

    /** All tokens of the document with the template's special tokens. */
    public TokenizedDocument encode(Document document) {
        String first = withoutLoneSurrogates(document.text());
        // An empty second sentence is none, as in transformers.
        Optional<String> second =
                document.pair().filter(pair -> !pair.isEmpty()).map(SubwordTokenizer::withoutLoneSurrogates);
        Encoding encoding = second.isPresent()
                ? tokenizer.encode(first, second.get(), true, false)
                : tokenizer.encode(first, true, false);
        int length = encoding.getIds().length;
        int[] sequenceIds = new int[length];
        int[] words = new int[length];
        int[] starts = new int[length];
        int[] ends = new int[length];
        Utf16Offsets inFirst = new Utf16Offsets(first);
        Utf16Offsets inSecond = new Utf16Offsets(second.orElse(""));
        for (int i = 0; i < length; i++) {
            CharSpan span = encoding.getCharTokenSpans()[i];
            sequenceIds[i] = span == null ? TokenizedDocument.SPECIAL : (int) encoding.getSequenceIds()[i];
            if (sequenceIds[i] != TokenizedDocument.SPECIAL) {
                words[i] = (int) encoding.getWordIds()[i];
                Utf16Offsets offsets = sequenceIds[i] == TokenizedDocument.SECOND ? inSecond : inFirst;
                starts[i] = offsets.of(span.getStart());
                ends[i] = offsets.of(span.getEnd());
            }
        }
        return new TokenizedDocument(
                document, encoding.getIds(), encoding.getTypeIds(), sequenceIds, words, starts, ends);
    }

    /** The ids of a piece of text, without special tokens of the template. */
    public long[] pieces(String text) {
        return tokenizer.encode(withoutLoneSurrogates(text), false, false).getIds();
    }

    /** What the token {@code id} is in the middle of a text. */
    public Piece piece(long id) {
        return pieces.of(id);
    }

    /** The text of ids, as the model's decoder writes it, special tokens included. */
    public String decode(long[] ids) {
        return tokenizer.decode(ids, false);
    }

    /** The text of ids, as the model's decoder writes it, without special tokens. */
    public String decodeContent(long[] ids) {
        return tokenizer.decode(ids, true);
    }

    @Override
    public void close() {
        tokenizer.close();
    }

    /** The native side reads UTF-8, which has no half of a pair; U+FFFD has the same length, so offsets stay true. */
    private static String withoutLoneSurrogates(String text) {
        StringBuilder clean = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Character.isSurrogate(c)) {
                continue;
            }
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
                continue;
            }
            clean = clean == null ? new StringBuilder(text) : clean;
            clean.setCharAt(i, '\uFFFD');
        }
        return clean == null ? text : clean.toString();
    }
}
