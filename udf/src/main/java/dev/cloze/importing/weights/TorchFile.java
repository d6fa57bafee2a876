package dev.cloze.importing.weights;

import dev.cloze.failure.ClozeException;
import dev.cloze.importing.source.BoundedZip;
import dev.cloze.importing.source.Subject;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;

/**
 * A state dictionary as {@code torch.save} writes it: since 2020 a zip with the pickle {@code data.pkl} and each storage as an entry {@code
 * data/KEY}, before that pickles and storages one behind the other ({@link LegacyTorchFile}).
 */
public final class TorchFile implements Weights {
    private static final String PICKLE = "/data.pkl";
    private static final long LARGEST_PICKLE = 64L << 20;

    private final Map<String, TorchTensor> tensors = new TreeMap<>();
    private final TorchStorages storages;
    private final String name;
    private final Subject subject;

    private TorchFile(TorchStorages storages, String name, Subject subject) {
        this.storages = storages;
        this.name = name;
        this.subject = subject;
    }

    /**
     * Reads which tensors there are.
     *
     * @param name what {@code file} is called in messages
     */
    public static TorchFile open(Path file, String name, Subject subject) {
        try {
            if (isZip(file)) {
                return zip(file, name, subject);
            }
            LegacyTorchFile legacy = LegacyTorchFile.open(file);
            return of(legacy.state(), legacy, name, subject);
        } catch (EOFException | ZipException e) {
            throw damaged("it is cut off, or not a file of PyTorch", name, subject, e);
        } catch (IOException e) {
            throw damaged(String.valueOf(e.getMessage()), name, subject, e);
        } catch (ArithmeticException e) {
            throw damaged("it has a tensor of an impossible size", name, subject, e);
        }
    }

    private static boolean isZip(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] start = in.readNBytes(2);
            return start.length == 2 && start[0] == 'P' && start[1] == 'K';
        }
    }

    private static TorchFile zip(Path file, String name, Subject subject) throws IOException {
        try (ZipFile zip = BoundedZip.open(file)) {
            ZipArchiveEntry pickle = Collections.list(zip.getEntries()).stream()
                    .filter(entry -> entry.getName().endsWith(PICKLE))
                    .findFirst()
                    .orElseThrow(() -> new IOException("it is a zip without data.pkl"));
            String root = pickle.getName().substring(0, pickle.getName().length() - PICKLE.length());
            requireLittleEndian(zip, root + "/byteorder");
            if (pickle.getSize() > LARGEST_PICKLE) {
                throw new IOException("its data.pkl has " + pickle.getSize() + " bytes");
            }
            try (InputStream in = stored(zip, pickle)) {
                Object state = Pickle.read(new DataInputStream(new BufferedInputStream(in)));
                return of(state, new ZipStorages(file, root), name, subject);
            }
        }
    }

    private static void requireLittleEndian(ZipFile zip, String entry) throws IOException {
        ZipArchiveEntry order = zip.getEntry(entry);
        if (order != null) {
            try (InputStream in = stored(zip, order)) {
                if (in.read() != 'l') {
                    throw new IOException("its numbers are big-endian");
                }
            }
        }
    }

    /** PyTorch compresses nothing; so nothing here unpacks to more than the file has. */
    private static InputStream stored(ZipFile zip, ZipArchiveEntry entry) throws IOException {
        if (entry.getMethod() != ZipEntry.STORED) {
            throw new IOException("it has compressed parts, which PyTorch does not write");
        }
        return zip.getInputStream(entry);
    }

    private static TorchFile of(Object state, TorchStorages storages, String name, Subject subject) throws IOException {
        TorchFile file = new TorchFile(storages, name, subject);
        if (!(state instanceof Map<?, ?> entries)) {
            throw new IOException("it is not a state dictionary");
        }
        for (Map.Entry<?, ?> entry : entries.entrySet()) {
            if (!(entry.getKey() instanceof String key) || !(entry.getValue() instanceof TorchTensor tensor)) {
                throw new IOException("it holds more than the tensors of a model, such as the state of a training: "
                        + Subject.shown(String.valueOf(entry.getKey())));
            }
            file.tensors.put(key, tensor);
        }
        return file;
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(tensors.keySet());
    }

    @Override
    public Tensor tensor(String tensor) {
        TorchTensor found = tensors.get(tensor);
        if (found == null) {
            throw damaged("it has no tensor " + Subject.shown(tensor), name, subject, null);
        }
        new StoredTensor(found.storage().type(), found.shape(), 0, 0).requireReadable(tensor, subject);
        try {
            return found.read(storages);
        } catch (IOException e) {
            throw damaged(String.valueOf(e.getMessage()), name, subject, e);
        }
    }

    @Override
    public boolean areOne(String tensor, String other) {
        return tensors.containsKey(tensor)
                && tensors.containsKey(other)
                && tensors.get(tensor).isAt(tensors.get(other));
    }

    private static ClozeException damaged(String why, String name, Subject subject, Exception cause) {
        return subject.refuse(
                "its " + name + " cannot be read: " + why,
                "save the model as safetensors: model.save_pretrained(DIRECTORY)",
                cause);
    }

    private record ZipStorages(Path file, String root) implements TorchStorages {
        @Override
        public ByteBuffer read(Pickle.Storage storage, long from, long count) throws IOException {
            try (ZipFile zip = BoundedZip.open(file)) {
                ZipArchiveEntry entry = zip.getEntry(root + "/data/" + storage.key());
                if (entry == null || entry.getSize() < from + count) {
                    throw new IOException(
                            "it lacks the storage " + Subject.shown(storage.key()) + ", or the storage is cut off");
                }
                try (InputStream in = stored(zip, entry)) {
                    in.skipNBytes(from);
                    byte[] bytes = new byte[Math.toIntExact(count)];
                    if (in.readNBytes(bytes, 0, bytes.length) < bytes.length) {
                        throw new EOFException("it is cut off");
                    }
                    return ByteBuffer.wrap(bytes);
                }
            }
        }
    }
}
