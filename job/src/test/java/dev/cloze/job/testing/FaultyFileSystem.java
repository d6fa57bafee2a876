package dev.cloze.job.testing;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.net.URI;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/** The local file system under another name, {@code faulty:}, where writing a chunk fails when it is told to. */
public final class FaultyFileSystem extends RawLocalFileSystem {
    /** What is done with a chunk, in this order; and with the plan. */
    public enum Act {
        /** Before anything of the chunk is scored or written. */
        CREATE,
        /** In the middle of the file. */
        WRITE,
        /** All is scored and written, under a name that does not count. */
        CLOSE,
        RENAME,
        /** The chunk is durable, and the driver does not know. */
        RENAMED,
        /** The driver looks which chunks are there: before the first task, and after the last has sent its result. */
        LIST,
        /** Spark's own writer begins a file: of failed rows, of states, of a copied corpus. */
        CREATE_PART,
        /** The old plan is gone, the new one not yet in its place. */
        PLACE_PLAN
    }

    private static final String PLAN = "_plan.json";

    private static final AtomicReference<Predicate<Act>> FAILS = new AtomicReference<>(act -> false);

    public static void failWhen(Predicate<Act> fails) {
        FAILS.set(fails);
    }

    private static void act(Act act) throws IOException {
        if (FAILS.get().test(act)) {
            throw new IOException("No space left on device (" + act + ")");
        }
    }

    @Override
    public URI getUri() {
        return URI.create("faulty:///");
    }

    @Override
    public String getScheme() {
        return "faulty";
    }

    @Override
    public void initialize(URI uri, Configuration configuration) throws IOException {
        super.initialize(uri, configuration);
        setConf(configuration);
    }

    private static boolean isChunk(Path path) {
        return path.getName().startsWith("chunk-");
    }

    @Override
    public FSDataOutputStream create(
            Path path,
            FsPermission permission,
            boolean overwrite,
            int bufferSize,
            short replication,
            long blockSize,
            Progressable progress)
            throws IOException {
        if (path.getName().startsWith("part-")) {
            act(Act.CREATE_PART);
        }
        if (!isChunk(path)) {
            return super.create(path, permission, overwrite, bufferSize, replication, blockSize, progress);
        }
        act(Act.CREATE);
        return faulty(super.create(path, permission, overwrite, bufferSize, replication, blockSize, progress));
    }

    @Override
    public FSDataOutputStream create(
            Path path, boolean overwrite, int bufferSize, short replication, long blockSize, Progressable progress)
            throws IOException {
        if (path.getName().startsWith("part-")) {
            act(Act.CREATE_PART);
        }
        if (!isChunk(path)) {
            return super.create(path, overwrite, bufferSize, replication, blockSize, progress);
        }
        act(Act.CREATE);
        return faulty(super.create(path, overwrite, bufferSize, replication, blockSize, progress));
    }

    /** What Hadoop's local file system makes of a disk that is full: an error, and its constructor is hidden. */
    private static FSError diskFull(IOException cause) {
        try {
            Constructor<FSError> constructor = FSError.class.getDeclaredConstructor(Throwable.class);
            constructor.setAccessible(true);
            return constructor.newInstance(cause);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    private static FSDataOutputStream faulty(FSDataOutputStream out) throws IOException {
        return new FSDataOutputStream(out, null) {
            @Override
            public void write(byte[] bytes, int from, int count) throws IOException {
                try {
                    act(Act.WRITE);
                } catch (IOException e) {
                    throw diskFull(e);
                }
                super.write(bytes, from, count);
            }

            @Override
            public void close() throws IOException {
                super.close();
                act(Act.CLOSE);
            }
        };
    }

    @Override
    public boolean rename(Path from, Path to) throws IOException {
        if (to.getName().equals(PLAN)) {
            act(Act.PLACE_PLAN);
        }
        if (!isChunk(to)) {
            return super.rename(from, to);
        }
        act(Act.RENAME);
        boolean renamed = super.rename(from, to);
        act(Act.RENAMED);
        return renamed;
    }

    @Override
    public FileStatus[] listStatus(Path path) throws IOException {
        if (exists(new Path(path, PLAN))) {
            act(Act.LIST);
        }
        return super.listStatus(path);
    }
}
