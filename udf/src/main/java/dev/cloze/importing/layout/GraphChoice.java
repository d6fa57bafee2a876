package dev.cloze.importing.layout;

import dev.cloze.failure.ClozeException;
import dev.cloze.importing.source.Subject;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which of a model's ONNX files is imported. Exporters write the same model several times, such as {@code onnx/model.onnx} and {@code
 * onnx/model_quantized.onnx}; the part after {@code model_} is what users call the variant.
 *
 * @param graphs paths of all ONNX files of the model
 * @param subject of refusals
 */
public record GraphChoice(List<String> graphs, Subject subject) {
    private static final String ONNX = ".onnx";
    private static final String MODEL = "model";
    /** The plain export: where it lies, the best place first. */
    private static final List<String> PLAIN = List.of("model.onnx", "onnx/model.onnx");

    private static final int MOST_SHOWN = 12;
    private static final String ENCODER = "encoder_model";
    private static final String DECODER = "decoder_model";

    /** Among the files with these paths. */
    public static GraphChoice among(Collection<String> paths, Subject subject) {
        return new GraphChoice(
                paths.stream().filter(path -> path.endsWith(ONNX)).sorted().toList(), subject);
    }

    /**
     * The path of the wanted graph.
     *
     * @param variant what follows {@code model_} in its name, its name or its path; without one, the plain export is wanted
     * @return empty when there is no ONNX file and none is asked for
     */
    public Optional<String> choose(Optional<String> variant) {
        if (variant.isPresent()) {
            return Optional.of(named(variant.get()));
        }
        Optional<String> plain = plain();
        if (plain.isEmpty() && !graphs.isEmpty()) {
            throw hasEncoder() ? encoderAndDecoder() : noPlainOne();
        }
        return plain;
    }

    /** The path of the plain export. */
    public Optional<String> plain() {
        return PLAIN.stream().filter(graphs::contains).findFirst();
    }

    private String named(String variant) {
        List<String> found =
                graphs.stream().filter(path -> answersTo(path, variant)).toList();
        if (found.size() != 1) {
            throw subject.refuse(
                    found.isEmpty()
                            ? "it has no variant " + Subject.shown(variant) + " (" + shown() + ")"
                            : Subject.shown(variant) + " is the name of several graphs (" + String.join(", ", found)
                                    + ")",
                    found.isEmpty() ? "choose one of those with --variant" : "give --variant the path of one of them");
        }
        return found.get(0);
    }

    private static boolean answersTo(String path, String variant) {
        String file = path.substring(path.lastIndexOf('/') + 1);
        String stem = file.substring(0, file.length() - ONNX.length());
        return Stream.of(path, file, stem).anyMatch(variant::equals) || stem.equals(MODEL + "_" + variant);
    }

    private boolean hasEncoder() {
        return graphs.stream().anyMatch(path -> path.contains(ENCODER))
                && graphs.stream().anyMatch(path -> path.contains(DECODER));
    }

    private ClozeException encoderAndDecoder() {
        return subject.refuse(
                "it was exported as an encoder and a decoder (" + shown() + "), a sequence-to-sequence model",
                "Cloze reads masked and causal language models, of which one graph gives the logits: choose another model,"
                        + " or export this one for fill-mask (`optimum-cli export onnx --task fill-mask`) if it has such a"
                        + " head");
    }

    private ClozeException noPlainOne() {
        return subject.refuse(
                "it has no model.onnx, but other graphs (" + shown() + ")", "choose one of them with --variant");
    }

    private String shown() {
        if (graphs.isEmpty()) {
            return "it has no ONNX file";
        }
        return String.join(
                        ", ",
                        graphs.stream()
                                .limit(MOST_SHOWN)
                                .map(GraphChoice::shown)
                                .toList())
                + (graphs.size() > MOST_SHOWN ? ", …" : "");
    }

    private static String shown(String path) {
        String shown = Subject.shown(path);
        return shown.equals("\"" + path + "\"") ? path : shown;
    }
}
