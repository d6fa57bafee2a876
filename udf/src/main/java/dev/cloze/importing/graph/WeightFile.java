package dev.cloze.importing.graph;

import ai.onnx.proto.OnnxMl;
import dev.cloze.importing.weights.Weights;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file beside a graph that holds its weights, one behind the other: so a model may have any size, and no more than a part of a tensor is in memory. */
public final class WeightFile implements TensorStore, AutoCloseable {
    /** Every tensor begins at a multiple of this, so that the processor's widest loads are aligned. */
    private static final int ALIGNMENT = 64;

    private final Path file;
    private final FileChannel channel;

    private WeightFile(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** Creates {@code file}, which must not exist. */
    public static WeightFile create(Path file) throws IOException {
        return new WeightFile(file, FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
    }

    @Override
    public void put(OnnxMl.TensorProto.Builder described, Weights.Tensor values) {
        put(described, (Iterable<ByteBuffer>) values.parts()::iterator);
    }

    /** The same for values of any type, as bytes. */
    void put(OnnxMl.TensorProto.Builder described, Iterable<ByteBuffer> parts) {
        try {
            long offset = (channel.position() + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
            channel.position(offset);
            for (ByteBuffer part : parts) {
                while (part.hasRemaining()) {
                    channel.write(part);
                }
            }
            long length = channel.position() - offset;
            ExternalData.locate(described, file.getFileName().toString(), offset, length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
