package dev.cloze.importing.weights;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Where the numbers of a file of PyTorch are. */
interface TorchStorages {
    /** {@code count} bytes of {@code storage} from byte {@code from} on. */
    ByteBuffer read(Pickle.Storage storage, long from, long count) throws IOException;
}
