package dev.cloze.adapt;

import dev.cloze.failure.ClozeException;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** Tensors in a file, behind the numbers of a training. The file appears complete, by a rename, or not at all. */
final class TensorFile {
    private static final int MAGIC = 0xC102E001;
    /** The magic number, the step, the losses and the evaluations since the best one. */
    private static final int HEADER = 2 * Integer.BYTES + Long.BYTES + 3 * Double.BYTES;

    private static final int PART = 1 << 14;

    private TensorFile() {}

    static void write(Path file, TrainingState state) throws IOException {
        Path unfinished = file.resolveSibling(file.getFileName() + ".unfinished");
        try (FileChannel channel = FileChannel.open(
                unfinished,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
            DataOutputStream out = new DataOutputStream(Channels.newOutputStream(channel));
            TrainingState.Progress progress = state.progress();
            out.writeInt(MAGIC);
            out.writeLong(progress.step());
            out.writeDouble(progress.first());
            out.writeDouble(progress.best());
            out.writeInt(progress.waited());
            out.writeDouble(progress.last());
            for (FloatBuffer tensor : state.tensors()) {
                write(tensor, channel);
            }
            // Before the rename: a machine that loses power must not have a name for what is not there.
            channel.force(true);
        }
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        FileSync.force(file.toAbsolutePath().getParent());
    }

    private static void write(FloatBuffer tensor, FileChannel channel) throws IOException {
        float[] part = new float[Math.min(PART, tensor.limit())];
        ByteBuffer bytes = ByteBuffer.allocateDirect(part.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int from = 0; from < tensor.limit(); from += part.length) {
            int count = Math.min(part.length, tensor.limit() - from);
            tensor.get(from, part, 0, count);
            bytes.clear().asFloatBuffer().put(part, 0, count);
            bytes.limit(count * Float.BYTES);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }
    }

    /** Reads the values of {@code tensors} into them; the numbers that stand before them. */
    static TrainingState.Progress read(Path file, List<FloatBuffer> tensors) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            if (channel.size() != size(tensors)) {
                throw damaged(file);
            }
            DataInputStream in = new DataInputStream(Channels.newInputStream(channel));
            if (in.readInt() != MAGIC) {
                throw damaged(file);
            }
            TrainingState.Progress progress = new TrainingState.Progress(
                    in.readLong(), in.readDouble(), in.readDouble(), in.readInt(), in.readDouble());
            for (FloatBuffer tensor : tensors) {
                read(tensor, channel);
            }
            return progress;
        }
    }

    private static long size(List<FloatBuffer> tensors) {
        return HEADER + tensors.stream().mapToLong(FloatBuffer::limit).sum() * Float.BYTES;
    }

    private static ClozeException damaged(Path file) {
        return ClozeException.user(
                "resume from the checkpoint " + file,
                "it is damaged, or of another version of Cloze",
                "delete " + file + " to continue from the beginning");
    }

    private static void read(FloatBuffer tensor, FileChannel channel) throws IOException {
        float[] part = new float[Math.min(PART, tensor.limit())];
        ByteBuffer bytes = ByteBuffer.allocateDirect(part.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int from = 0; from < tensor.limit(); from += part.length) {
            int count = Math.min(part.length, tensor.limit() - from);
            bytes.clear().limit(count * Float.BYTES);
            while (bytes.hasRemaining()) {
                if (channel.read(bytes) < 0) {
                    throw new IOException("it ends in the middle");
                }
            }
            bytes.flip().asFloatBuffer().get(part, 0, count);
            tensor.put(from, part, 0, count);
        }
    }
}
