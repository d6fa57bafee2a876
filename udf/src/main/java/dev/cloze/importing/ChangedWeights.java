package dev.cloze.importing;

import ai.onnx.proto.OnnxMl;
import com.google.protobuf.UnsafeByteOperations;
import dev.cloze.bundle.Bundle;
import dev.cloze.bundle.Manifest;
import dev.cloze.failure.ClozeException;
import dev.cloze.importing.graph.ExternalData;
import dev.cloze.importing.graph.OnnxFile;
import dev.cloze.importing.graph.PlainModel;
import dev.cloze.importing.graph.TensorValues;
import dev.cloze.importing.source.Subject;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;

/** A bundle with other weights: the model's graph stays, and what is made from it is made and checked anew, as in every import. */
public final class ChangedWeights {
    private static final List<String> MADE_ANEW = List.of(Bundle.MODEL, Bundle.SCORING, Bundle.FEATURES);

    private final Bundle base;
    private final Path target;
    private final Map<String, FloatBuffer> values;

    private ChangedWeights(Bundle base, Path target, Map<String, FloatBuffer> values) {
        this.base = base;
        this.target = target;
        this.values = values;
    }

    /**
     * Writes a bundle into {@code target}, an existing directory.
     *
     * @param values of the tensors that are different, by the names of the initialisers
     * @param described the new manifest without its list of files
     * @param logits the output of the model's graph
     */
    public static Bundle write(
            Bundle base, Map<String, FloatBuffer> values, Manifest described, String logits, Path target) {
        try {
            new ChangedWeights(base, target, values).writeModel();
        } catch (IOException e) {
            throw ClozeException.resources(
                    "write a model into " + target, String.valueOf(e.getMessage()), "make room there", e);
        }
        return BundleWriter.seal(target, described, PlainModel.of(target, logits));
    }

    private void writeModel() throws IOException {
        for (String name : base.manifest().files().keySet()) {
            // What is there tells of this model; the base may have a file of the same name that tells of another one.
            if (!MADE_ANEW.contains(name) && !Files.exists(target.resolve(name))) {
                copy(base.file(name), target.resolve(name));
            }
        }
        OnnxMl.ModelProto model =
                OnnxFile.whole(base.file(Bundle.MODEL), Bundle.MODEL, new Subject("read model " + base.directory()));
        OnnxMl.ModelProto.Builder changed = model.toBuilder();
        for (OnnxMl.TensorProto.Builder tensor : changed.getGraphBuilder().getInitializerBuilderList()) {
            FloatBuffer different = values.get(tensor.getName());
            if (different != null) {
                change(tensor, different);
            }
        }
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(target.resolve(Bundle.MODEL)))) {
            changed.build().writeTo(out);
        }
    }

    /** The bytes alone: weights are written into a copy, whether or not the original may be written. */
    private static void copy(Path from, Path to) throws IOException {
        try (InputStream in = Files.newInputStream(from)) {
            Files.copy(in, to);
        }
    }

    private void change(OnnxMl.TensorProto.Builder tensor, FloatBuffer different) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(different.limit() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(different.duplicate().rewind());
        if (!ExternalData.isExternal(tensor.build())) {
            tensor.clearFloatData().setRawData(UnsafeByteOperations.unsafeWrap(bytes));
            return;
        }
        TensorValues.Place place = TensorValues.place(tensor.build(), target);
        try (FileChannel file = FileChannel.open(place.file(), StandardOpenOption.WRITE)) {
            long at = place.offset();
            while (bytes.hasRemaining()) {
                at += file.write(bytes, at);
            }
        }
    }
}
