package dev.cloze.job.output;

import dev.cloze.failure.ClozeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A directory of results, as it may be removed: only when a file in it tells that a run made it, and only what runs put there. It
 * never follows a link, and removes no directory whose content it has not looked at.
 *
 * @param files local ones without checksums, whose files it would not list
 * @param path fully qualified
 */
public record OwnDirectory(FileSystem files, Path path) {
    /** The directory {@code path} of {@code files}. */
    public static OwnDirectory of(FileSystem files, Path path) {
        FileSystem raw = files instanceof LocalFileSystem local ? local.getRawFileSystem() : files;
        return new OwnDirectory(raw, raw.makeQualified(path));
    }

    /** Fails when there is anything that is not ours. */
    void requireReplaceable() throws IOException {
        Optional<String> reason = reason();
        if (reason.isPresent()) {
            throw ClozeException.user(
                    "replace " + name(),
                    reason.get(),
                    "--overwrite removes nothing but results of cloze: choose another --output, or move away or remove"
                            + " yourself what is there");
        }
    }

    private String name() {
        return path.toUri().getScheme().equals("file") ? path.toUri().getPath() : path.toString();
    }

    /** Whether all of it may be removed. */
    public boolean isReplaceable() throws IOException {
        return reason().isEmpty();
    }

    private Optional<String> reason() throws IOException {
        if (isLink(path)) {
            return Optional.of("it is a link");
        }
        if (!files.exists(path)) {
            return Optional.empty();
        }
        if (!files.getFileStatus(path).isDirectory()) {
            return Optional.of("it is a file");
        }
        FileStatus[] content = files.listStatus(path);
        if (content.length == 0) {
            return Optional.empty();
        }
        if (!new Ownership(files, path).isOurs(content)) {
            return Optional.of("it is not recognizable as results of cloze, there is no readable _plan.json or"
                    + " _manifest.json of cloze in it");
        }
        return foreign(content, ResultNames.of(content))
                .map(other -> "there is something in it that is no part of" + " results of cloze: " + other);
    }

    /** The first thing within {@code names} of this directory that no run put there. */
    public Optional<String> foreignWithin(String... names) throws IOException {
        List<FileStatus> found = new ArrayList<>();
        for (String name : names) {
            Path directory = new Path(path, name);
            if (isLink(directory) || files.exists(directory)) {
                found.add(
                        isLink(directory)
                                ? new FileStatus(0, false, 0, 0, 0, directory)
                                : files.getFileStatus(directory));
            }
        }
        return foreign(found.toArray(FileStatus[]::new), ResultNames.ofChunks());
    }

    private Optional<String> foreign(FileStatus[] content, ResultNames names) throws IOException {
        for (FileStatus status : sorted(content)) {
            Path place = status.getPath();
            if (isLink(place) || !names.matches(status)) {
                return Optional.of(Path.getPathWithoutSchemeAndAuthority(place)
                        .toString()
                        .substring(Path.getPathWithoutSchemeAndAuthority(path)
                                        .toString()
                                        .length()
                                + 1));
            }
            if (status.isDirectory()) {
                Optional<String> within = foreign(files.listStatus(place), ResultNames.WITHIN);
                if (within.isPresent()) {
                    return within;
                }
            }
        }
        return Optional.empty();
    }

    private static List<FileStatus> sorted(FileStatus[] content) {
        return Arrays.stream(content).sorted().toList();
    }

    private boolean isLink(Path place) {
        return "file".equals(place.toUri().getScheme())
                && java.nio.file.Files.isSymbolicLink(
                        java.nio.file.Path.of(place.toUri().getPath()));
    }

    /** Removes it, when it is there and nothing in it is another's; what appears in it meanwhile stays. */
    void remove() throws IOException {
        requireReplaceable();
        if (files.exists(path)) {
            remove(path, ResultNames.of(files.listStatus(path)));
        }
    }

    /** Removes {@code name} from it, a file or a directory of ours, when it is there. */
    public void remove(String name) throws IOException {
        Path place = new Path(path, name);
        if (isLink(place) || !files.exists(place) || files.getFileStatus(place).isFile()) {
            files.delete(place, false);
            files.delete(new Path(path, "." + name + ".crc"), false);
        } else {
            remove(place, ResultNames.WITHIN);
        }
    }

    private void remove(Path directory, ResultNames names) throws IOException {
        SortedMap<Integer, List<FileStatus>> steps = new TreeMap<>();
        for (FileStatus status : files.listStatus(directory)) {
            Path place = status.getPath();
            if (isLink(place) || !names.matches(status)) {
                throw ClozeException.user(
                        "remove " + directory,
                        "there is something in it that is no part of results of cloze: " + place.getName(),
                        "move it away and run the same command again");
            }
            steps.computeIfAbsent(ResultNames.order(place.getName()), order -> new ArrayList<>())
                    .add(status);
        }
        for (List<FileStatus> step : steps.values()) {
            removeAll(step);
        }
        // Not with all that is in it by now.
        files.delete(directory, false);
    }

    /** An object store answers slowly, and many requests at once. */
    private void removeAll(List<FileStatus> content) throws IOException {
        try {
            content.parallelStream().forEach(status -> {
                try {
                    if (status.isDirectory()) {
                        remove(status.getPath(), ResultNames.WITHIN);
                    } else {
                        files.delete(status.getPath(), false);
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
