package dev.cloze.job.input;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/** The files of a corpus, as their file system lists them; none of them is read. */
public final class InputFiles {
    private InputFiles() {}

    /** All files in the files, directories and globs of {@code inputs}, sorted by their paths. */
    public static List<InputFile> of(List<String> inputs, Configuration hadoop) {
        try {
            List<InputFile> files = new ArrayList<>();
            for (Path root : Roots.of(inputs, hadoop).paths()) {
                FileSystem system = root.getFileSystem(hadoop);
                for (RemoteIterator<LocatedFileStatus> all = system.listFiles(root, true); all.hasNext(); ) {
                    LocatedFileStatus file = all.next();
                    files.add(new InputFile(
                            file.getPath().toString(),
                            file.getLen(),
                            Instant.ofEpochMilli(file.getModificationTime())));
                }
            }
            files.sort(Comparator.comparing(InputFile::path));
            return files;
        } catch (IOException e) {
            throw ReadFailure.unreadable(String.join(", ", inputs), e);
        }
    }
}
