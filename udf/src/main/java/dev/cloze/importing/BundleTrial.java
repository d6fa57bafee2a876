package dev.cloze.importing;

import ai.onnx.proto.OnnxMl;
import dev.cloze.batch.Batch;
import dev.cloze.bundle.Bundle;
import dev.cloze.bundle.Manifest;
import dev.cloze.failure.Causes;
import dev.cloze.failure.ClozeException;
import dev.cloze.importing.graph.ExternalData;
import dev.cloze.importing.graph.GraphCheck;
import dev.cloze.importing.graph.ModelWalk;
import dev.cloze.importing.graph.OnnxFile;
import dev.cloze.importing.source.Subject;
import dev.cloze.importing.tokenizer.TokenizerProbe;
import dev.cloze.mask.Variant;
import dev.cloze.model.Head;
import dev.cloze.model.LanguageModel;
import dev.cloze.onnx.OnnxSession;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Opens a bundle from elsewhere and asks it for an answer, after its files were looked at. */
final class BundleTrial {
    private static final int LENGTH = 8;
    private static final String IMPORT_AGAIN = "import the model again from its export";

    private final Bundle bundle;
    private final Subject subject;

    private BundleTrial(Bundle bundle) {
        this.bundle = bundle;
        this.subject = new Subject("open model " + bundle.directory());
    }

    /** Fails when the bundle cannot be used. */
    static void require(Bundle bundle, StageListener stages) {
        new BundleTrial(bundle).require(stages);
    }

    private void require(StageListener stages) {
        Manifest manifest = bundle.manifest();
        requirePlausible(manifest);
        List<Head> purposes = new ArrayList<>();
        purposes.add(manifest.kind() == Manifest.Kind.MASKED ? Head.MASKED_LM : Head.CAUSAL_LM);
        if (manifest.files().containsKey(Bundle.FEATURES)) {
            purposes.add(Head.HIDDEN_STATES);
        }
        requireSound(Bundle.MODEL);
        purposes.forEach(head -> requireSound(head.graph()));
        stages.begin(WorkerMessage.Stage.TOKENIZER);
        TokenizerProbe.require(bundle.file(Bundle.TOKENIZER), manifest, subject);
        stages.begin(WorkerMessage.Stage.GRAPH);
        purposes.forEach(this::requireAnswer);
        // What a model is adapted and exported from.
        OnnxSession.open(bundle.file(Bundle.MODEL)).close();
    }

    private void requirePlausible(Manifest manifest) {
        if (manifest.positionLimit() < 1 || manifest.vocabularySize() < 1) {
            throw subject.refuse(
                    "its manifest says that it sees " + manifest.positionLimit() + " tokens of "
                            + manifest.vocabularySize() + " words",
                    IMPORT_AGAIN);
        }
        if (!manifest.files().keySet().containsAll(Set.of(Bundle.MODEL, Bundle.SCORING, Bundle.TOKENIZER))) {
            throw subject.refuse(
                    "its manifest names the files " + manifest.files().keySet() + " only", IMPORT_AGAIN);
        }
    }

    private void requireSound(String name) {
        OnnxMl.ModelProto graph = OnnxFile.whole(bundle.file(name), name, subject);
        GraphCheck.require(graph, subject);
        Set<String> files = bundle.manifest().files().keySet();
        ModelWalk.visit(graph, OnnxMl.TensorProto.class, tensor -> {
            if (ExternalData.isExternal(tensor)
                    && tensor.getExternalDataList().stream()
                            .filter(entry -> entry.getKey().equals("location"))
                            .anyMatch(entry -> !files.contains(entry.getValue()))) {
                throw subject.refuse(
                        "its " + name + " has weights in a file that its manifest does not name", IMPORT_AGAIN);
            }
        });
    }

    private void requireAnswer(Head head) {
        try (LanguageModel model = LanguageModel.open(bundle, head)) {
            int length = Math.min(LENGTH, model.positionLimit());
            long[] ids = new long[length];
            for (int i = 0; i < length; i++) {
                ids[i] = (i * 37L + 11) % model.vocabularySize();
            }
            Variant variant = new Variant(ids, new long[length], new int[] {0}, 1, new long[][] {{0}});
            model.network().predict(Batch.of(List.of(variant), model.padId()));
        } catch (IllegalStateException e) {
            throw refusal(head, e);
        }
    }

    private ClozeException refusal(Head head, IllegalStateException e) {
        return subject.refuse(
                "ONNX Runtime cannot compute its " + head.graph() + ": " + Causes.firstLine(e), IMPORT_AGAIN, e);
    }
}
