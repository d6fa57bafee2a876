package dev.cloze.job.files;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.GlobPattern;
import org.apache.hadoop.fs.Path;

/**
 * Whether a corpus and a directory of results have something in common: one lies in the other, or a glob stands for both.
 *
 * @param place of the results
 */
public record Overlap(Configuration hadoop, Path place) {

    /** @param input a path or a glob; what is none of a file system that is known here is in none of its directories */
    public boolean with(String input) {
        try {
            Path source = qualified(new Path(input));
            Path target = qualified(place);
            return Stream.concat(Stream.of(source), found(source))
                    .anyMatch(path -> isSameSystem(path, target) && begins(parts(path), parts(target)));
        } catch (IOException | RuntimeException e) {
            // What is wrong with it is said when it is read.
            return false;
        }
    }

    private Path qualified(Path path) throws IOException {
        return RealPath.of(path.getFileSystem(hadoop), path);
    }

    /** What is there already; the results may not be. */
    private Stream<Path> found(Path input) throws IOException {
        FileSystem files = input.getFileSystem(hadoop);
        FileStatus[] found = new GlobPattern(input.toUri().getPath()).hasWildcard() ? files.globStatus(input) : null;
        List<Path> real = new ArrayList<>();
        for (FileStatus status : found == null ? new FileStatus[0] : found) {
            real.add(RealPath.of(files, status.getPath()));
        }
        return real.stream();
    }

    private static boolean isSameSystem(Path one, Path other) {
        return Objects.equals(one.toUri().getScheme(), other.toUri().getScheme())
                && Objects.equals(one.toUri().getAuthority(), other.toUri().getAuthority());
    }

    private static List<String> parts(Path path) {
        return Stream.of(path.toUri().getPath().split("/"))
                .filter(part -> !part.isEmpty())
                .toList();
    }

    /** Whether one path begins as the other. A glob that goes deeper than the results stands for what is there only. */
    private static boolean begins(List<String> input, List<String> results) {
        int common = Math.min(input.size(), results.size());
        boolean mayMatch = input.size() <= results.size();
        for (int i = 0; i < common; i++) {
            if (!input.get(i).equals(results.get(i)) && !(mayMatch && matches(input.get(i), results.get(i)))) {
                return false;
            }
        }
        return true;
    }

    private static boolean matches(String glob, String name) {
        GlobPattern pattern = new GlobPattern(glob);
        return pattern.hasWildcard() && pattern.matches(name);
    }
}
