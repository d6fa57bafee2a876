package dev.cloze.job.input;

import dev.cloze.failure.ClozeException;
import dev.cloze.job.files.FileSystems;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The files and directories that a corpus is made of: what globs stand for, each once, however often it was named.
 *
 * @param paths none lies in another
 * @param repeated those that were named more than once
 */
record Roots(List<Path> paths, List<String> repeated) {
    private static final Pattern PARTITION = Pattern.compile("[^=]+=.*");
    private static final String LOCAL = "file";

    static Roots of(List<String> inputs, Configuration hadoop) {
        Map<Path, Path> found = new HashMap<>();
        List<Path> order = new ArrayList<>();
        TreeSet<String> repeated = new TreeSet<>();
        for (String input : inputs) {
            List<Path> there = expanded(input, hadoop);
            if (there.isEmpty()) {
                throw ReadFailure.missing(input);
            }
            for (Path path : there) {
                Path real = real(path);
                if (found.putIfAbsent(real, path) == null) {
                    order.add(real);
                } else {
                    repeated.add(path.toUri().getPath());
                }
            }
        }
        List<Path> paths = new ArrayList<>();
        for (Path real : order) {
            if (liesIn(real, found)) {
                repeated.add(found.get(real).toUri().getPath());
            } else {
                paths.add(found.get(real));
            }
        }
        return new Roots(paths, List.copyOf(repeated));
    }

    private static boolean liesIn(Path path, Map<Path, Path> others) {
        for (Path parent = path.getParent(); parent != null; parent = parent.getParent()) {
            if (others.containsKey(parent)) {
                return true;
            }
        }
        return false;
    }

    /** Whether there is something under that name, or something that it stands for as a glob. */
    static boolean isThere(String input, Configuration hadoop) {
        return !expanded(input, hadoop).isEmpty();
    }

    /** What is there under that very name, or else what the name stands for as a glob; empty when there is nothing. */
    private static List<Path> expanded(String input, Configuration hadoop) {
        try {
            Path path = new Path(input);
            FileSystem files = FileSystems.of(path, hadoop);
            if (files.getUri().getScheme().equals(LOCAL)) {
                SpecialFiles.refuse(local(files.makeQualified(path)));
            }
            if (files.exists(path)) {
                return List.of(files.makeQualified(path));
            }
            FileStatus[] found = files.globStatus(path);
            return found == null
                    ? List.of()
                    : Arrays.stream(found).map(FileStatus::getPath).toList();
        } catch (ClozeException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // Hadoop says with all sorts of exceptions that it does not know a file system.
            throw ReadFailure.unreadable(input, e);
        }
    }

    /** The path that links lead to. */
    static Path real(Path path) {
        if (!LOCAL.equals(path.toUri().getScheme())) {
            return path;
        }
        try {
            // Not from its URI, which ends in a slash for a directory.
            return new Path(LOCAL, null, local(path).toRealPath().toString());
        } catch (IOException e) {
            return path;
        }
    }

    /** The same path on this machine. */
    static java.nio.file.Path local(Path path) {
        return java.nio.file.Path.of(path.toUri().getPath());
    }

    /** Those of the paths that are directories: a file says by its name what it is. */
    List<Path> directories(Configuration hadoop) {
        return paths.stream().filter(path -> isDirectory(path, hadoop)).toList();
    }

    private static boolean isDirectory(Path path, Configuration hadoop) {
        try {
            return path.getFileSystem(hadoop).getFileStatus(path).isDirectory();
        } catch (IOException e) {
            throw ReadFailure.unreadable(path.toString(), e);
        }
    }

    String[] names() {
        return paths.stream().map(Path::toString).toArray(String[]::new);
    }

    /** The directory whose directories are partitions such as {@code lang=en}, when all paths are in partitions of the same one. */
    Optional<Path> base() {
        List<Path> bases = paths.stream().map(Roots::base).distinct().toList();
        boolean isInPartition =
                bases.size() == 1 && paths.stream().anyMatch(path -> !base(path).equals(path));
        return isInPartition ? Optional.of(bases.get(0)) : Optional.empty();
    }

    /** The first directory above that is no partition; the path itself when it lies in none. */
    private static Path base(Path path) {
        Path base = path;
        for (Path each = path; each != null; each = each.getParent()) {
            boolean isPartition = PARTITION.matcher(each.getName()).matches();
            if (isPartition && each.getParent() != null) {
                base = each.getParent();
            } else if (!each.equals(path)) {
                return base;
            }
        }
        return base;
    }
}
