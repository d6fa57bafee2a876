package dev.cloze.importing.graph;

import ai.onnx.proto.OnnxMl;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import com.google.protobuf.WireFormat;
import dev.cloze.failure.ClozeException;
import dev.cloze.importing.source.Subject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads an ONNX file without its weights: every large initialiser becomes external data that points back into the file
 * (location, offset, length), so that a rewritten graph shares the weights of the original.
 */
public final class OnnxFile {
    // onnx.proto: ModelProto.graph, GraphProto.initializer, TensorProto.raw_data, as they are tagged.
    private static final int GRAPH = tag(7);
    private static final int INITIALIZER = tag(5);
    private static final int RAW_DATA = tag(9);
    /** Smaller ones are shapes and scalars that the optimiser wants to see. */
    private static final int LARGE = 1024;

    private final MappedByteBuffer bytes;
    private final CodedInputStream in;
    private final String location;

    private static int tag(int field) {
        return field << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;
    }

    private OnnxFile(MappedByteBuffer bytes, String location) {
        this.bytes = bytes;
        this.in = CodedInputStream.newInstance(bytes);
        this.in.setSizeLimit(Integer.MAX_VALUE);
        this.location = location;
    }

    public static OnnxMl.ModelProto withoutWeights(Path file) {
        try (FileChannel channel = FileChannel.open(file)) {
            MappedByteBuffer bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
            return new OnnxFile(bytes, file.getFileName().toString()).model();
        } catch (IOException | IllegalArgumentException e) {
            throw ClozeException.model(
                    "read ONNX file " + file,
                    String.valueOf(e.getMessage()),
                    "export the model again; weights over 2 GB belong into external data",
                    e);
        }
    }

    /** All that the file holds; its weights stay where they are and are read when somebody asks for them. */
    public static OnnxMl.ModelProto whole(Path file, String name, Subject subject) {
        try (FileChannel channel = FileChannel.open(file)) {
            if (channel.size() > Integer.MAX_VALUE) {
                throw subject.refuse(
                        "its " + name + " has more than 2 GB, which ONNX does not allow",
                        "export the model with its weights in external data");
            }
            MappedByteBuffer bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
            CodedInputStream in = UnsafeByteOperations.unsafeWrap(bytes).newCodedInput();
            in.enableAliasing(true);
            return OnnxMl.ModelProto.parseFrom(in);
        } catch (InvalidProtocolBufferException e) {
            throw broken(name, subject, e);
        } catch (IOException e) {
            throw subject.refuse("its " + name + " cannot be read: " + e, "make it readable", e);
        }
    }

    /** The library has one exception for everything that may be wrong. */
    private static ClozeException broken(String name, Subject subject, InvalidProtocolBufferException e) {
        String said = String.valueOf(e.getMessage());
        if (said.contains("ended unexpectedly")) {
            return subject.refuse(
                    "its " + name + " ends in the middle: the file is cut off",
                    "download or export the model again",
                    e);
        }
        if (said.contains("too many levels of nesting")) {
            return subject.refuse(
                    "its " + name + " is nested too deep", "export the model without nested conditions", e);
        }
        return subject.refuse(
                "its " + name + " is not an ONNX file, or damaged ("
                        + said.lines().findFirst().orElse("") + ")",
                "download or export the model again",
                e);
    }

    private OnnxMl.ModelProto model() throws IOException {
        ByteArrayOutputStream rest = new ByteArrayOutputStream();
        OnnxMl.GraphProto graph = OnnxMl.GraphProto.getDefaultInstance();
        for (int from = 0, tag = in.readTag(); tag != 0; from = in.getTotalBytesRead(), tag = in.readTag()) {
            if (tag == GRAPH) {
                // As libraries do with a message that is there twice.
                graph = graph.toBuilder().mergeFrom(graph()).build();
            } else {
                keep(from, tag, rest);
            }
        }
        return OnnxMl.ModelProto.parseFrom(rest.toByteArray()).toBuilder()
                .setGraph(graph)
                .build();
    }

    private OnnxMl.GraphProto graph() throws IOException {
        int limit = in.pushLimit(in.readRawVarint32());
        ByteArrayOutputStream rest = new ByteArrayOutputStream();
        List<OnnxMl.TensorProto> initializers = new ArrayList<>();
        int from = in.getTotalBytesRead();
        for (int tag = in.readTag(); tag != 0; from = in.getTotalBytesRead(), tag = in.readTag()) {
            if (tag == INITIALIZER) {
                initializers.add(initializer());
            } else {
                keep(from, tag, rest);
            }
        }
        in.popLimit(limit);
        return OnnxMl.GraphProto.parseFrom(rest.toByteArray()).toBuilder()
                .addAllInitializer(initializers)
                .build();
    }

    private OnnxMl.TensorProto initializer() throws IOException {
        int limit = in.pushLimit(in.readRawVarint32());
        ByteArrayOutputStream rest = new ByteArrayOutputStream();
        long offset = 0;
        long length = 0;
        int from = in.getTotalBytesRead();
        for (int tag = in.readTag(); tag != 0; from = in.getTotalBytesRead(), tag = in.readTag()) {
            if (tag == RAW_DATA && length == 0 && in.getBytesUntilLimit() > LARGE) {
                length = in.readRawVarint32();
                offset = in.getTotalBytesRead();
                in.skipRawBytes((int) length);
            } else {
                keep(from, tag, rest);
            }
        }
        in.popLimit(limit);
        OnnxMl.TensorProto tensor = OnnxMl.TensorProto.parseFrom(rest.toByteArray());
        return length == 0 ? tensor : external(tensor, offset, length);
    }

    private OnnxMl.TensorProto external(OnnxMl.TensorProto tensor, long offset, long length) {
        OnnxMl.TensorProto.Builder elsewhere = tensor.toBuilder().clearRawData().clearExternalData();
        ExternalData.locate(elsewhere, location, offset, length);
        return elsewhere.build();
    }

    /** Copies the field whose tag was just read, and which begins at {@code from}. */
    private void keep(int from, int tag, ByteArrayOutputStream rest) throws IOException {
        in.skipField(tag);
        byte[] field = new byte[in.getTotalBytesRead() - from];
        bytes.get(from, field);
        rest.writeBytes(field);
    }
}
