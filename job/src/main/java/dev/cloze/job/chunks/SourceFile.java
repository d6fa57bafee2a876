package dev.cloze.job.chunks;

import dev.cloze.failure.ClozeException;
import dev.cloze.job.input.ReadFailure;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.Partition;
import org.apache.spark.sql.execution.datasources.FilePartition;
import org.apache.spark.sql.execution.datasources.PartitionedFile;

/**
 * The file that a chunk's rows come from, as it was when the run was planned.
 *
 * @param modified milliseconds since 1970
 * @param length bytes
 */
record SourceFile(Path path, long modified, long length, Configuration hadoop) {
    private static final String CHANGED = "it changed while it was scored";

    static SourceFile of(Partition partition, Configuration hadoop) {
        PartitionedFile file = ((FilePartition) partition).files()[0];
        return new SourceFile(file.toPath(), file.modificationTime(), file.fileSize(), hadoop);
    }

    /** Fails when it is another file by now: rows of both would stand side by side. */
    void requireSame() {
        if (!isSame()) {
            throw changed();
        }
    }

    private boolean isSame() {
        try {
            FileStatus now = path.getFileSystem(hadoop).getFileStatus(path);
            return now.getModificationTime() == modified && now.getLen() == length;
        } catch (FileNotFoundException e) {
            return false;
        } catch (IOException e) {
            // It was read all the same: options of the reader may be what it takes to ask for it.
            return true;
        }
    }

    ClozeException changed() {
        return ClozeException.corpus("read " + path, CHANGED, "run the same command again", null);
    }

    /** That it could not be read, when {@code failure} means that. */
    Optional<ChunkResult.Unread> unread(Exception failure) {
        if (failure instanceof ClozeException e && e.kind() == ClozeException.Kind.CORPUS) {
            return Optional.of(new ChunkResult.Unread(path.toString(), CHANGED));
        }
        return ReadFailure.in(failure).map(found -> new ChunkResult.Unread(path.toString(), found.reason()));
    }
}
