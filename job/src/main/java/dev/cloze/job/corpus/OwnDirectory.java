package dev.cloze.job.corpus;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cloze.failure.ClozeException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;

/**
 * A directory of results, as it may be removed: only when a file in it tells that a run made it, and only what runs put there. It
 * never follows a link, and removes no directory whose content it has not looked at.
 *
 * @param files local ones without checksums, whose files it would not list
 * @param path fully qualified
 */
public record OwnDirectory(FileSystem files, Path path) {
    private static final String CHUNK = "chunk-[0-9a-f]{20}\\.zstd\\.parquet";
    private static final String PART = "part-\\d{5,}-[0-9a-f]{8}-[0-9a-f-]{27}.*";
    private static final Pattern FILES = Pattern.compile(
            withChecksums("_SUCCESS|_manifest\\.json|_summary\\.json|_plan\\.json(\\.next.*)?|" + CHUNK));
    /** Of results that Spark's own writer wrote. */
    private static final Pattern TABLE_FILES = Pattern.compile(withChecksums("_SUCCESS|_manifest\\.json|" + PART));
    private static final Pattern DIRECTORIES = Pattern.compile("_input|_unfinished|_temporary|"
            + Pattern.quote(ParquetOutput.STATES) + "|" + Pattern.quote(ParquetOutput.FAILED) + "|"
            + Pattern.quote(RunHistory.DIRECTORY));
    private static final Pattern INNER_FILES = Pattern.compile(
            withChecksums("_SUCCESS|" + PART + "|" + CHUNK + "\\..*|" + RunHistory.ATTEMPT + ".*"));
    private static final Pattern INNER_DIRECTORIES = Pattern.compile("_temporary|\\d+|(task|attempt)_.*");

    /** What tells whose directory it is goes last: a removal that was broken off can be taken up again. */
    private static final List<String> LAST = List.of(".*", "_plan\\.json.*", Pattern.quote(RunHistory.DIRECTORY));

    private static final List<String> FIRST = List.of("_SUCCESS", "_(manifest|summary)\\.json");

    /** The directory {@code path} of {@code files}. */
    public static OwnDirectory of(FileSystem files, Path path) {
        FileSystem raw = files instanceof LocalFileSystem local ? local.getRawFileSystem() : files;
        return new OwnDirectory(raw, raw.makeQualified(path));
    }

    private static String withChecksums(String names) {
        return "(" + names + ")|\\.(" + names + ")\\.crc";
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
        if (!isMarked(content) && !isBegun(content)) {
            return Optional.of("it is not recognizable as results of cloze, there is no readable _plan.json or"
                    + " _manifest.json of cloze in it");
        }
        return foreign(content, expected(content), DIRECTORIES).map(other -> "there is something in it that is no part of"
                + " results of cloze: " + other);
    }

    private static Pattern expected(FileStatus[] content) {
        boolean chunks = Arrays.stream(content)
                .anyMatch(status -> FILES.matcher(status.getPath().getName()).matches()
                        && !TABLE_FILES.matcher(status.getPath().getName()).matches());
        return chunks ? FILES : TABLE_FILES;
    }

    /** The first thing within {@code names} of this directory that no run put there. */
    public Optional<String> foreignWithin(String... names) throws IOException {
        List<FileStatus> found = new ArrayList<>();
        for (String name : names) {
            Path directory = new Path(path, name);
            if (isLink(directory) || files.exists(directory)) {
                found.add(isLink(directory) ? new FileStatus(0, false, 0, 0, 0, directory) : files.getFileStatus(directory));
            }
        }
        return foreign(found.toArray(FileStatus[]::new), FILES, DIRECTORIES);
    }

    private Optional<String> foreign(FileStatus[] content, Pattern names, Pattern directories) throws IOException {
        for (FileStatus status : sorted(content)) {
            Path place = status.getPath();
            Pattern expected = status.isDirectory() ? directories : names;
            if (isLink(place) || !expected.matcher(place.getName()).matches()) {
                return Optional.of(Path.getPathWithoutSchemeAndAuthority(place)
                        .toString()
                        .substring(Path.getPathWithoutSchemeAndAuthority(path).toString().length() + 1));
            }
            if (status.isDirectory()) {
                Optional<String> within = foreign(files.listStatus(place), INNER_FILES, INNER_DIRECTORIES);
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
                && java.nio.file.Files.isSymbolicLink(java.nio.file.Path.of(place.toUri().getPath()));
    }

    /** Whether a run says that it made this. */
    private boolean isMarked(FileStatus[] content) throws IOException {
        if (!RunHistory.in(files, path).attempts().isEmpty()) {
            return true;
        }
        for (FileStatus status : content) {
            String name = status.getPath().getName();
            if (!isLink(status.getPath())
                    && status.isFile()
                    && (name.matches("_(plan|manifest)\\.json(\\.next.*)?") && isOurs(json(status.getPath()))
                            || name.matches(CHUNK) && isOurs(status.getPath()))) {
                return true;
            }
        }
        return false;
    }

    /** Whether a driver was killed before it had written anything. */
    private boolean isBegun(FileStatus[] content) throws IOException {
        if (content.length != 1 || !content[0].getPath().getName().equals(RunHistory.DIRECTORY) || !content[0].isDirectory()) {
            return false;
        }
        return !isLink(content[0].getPath())
                && Arrays.stream(files.listStatus(content[0].getPath())).allMatch(file -> file.getLen() == 0 || file.getPath().getName().endsWith(".crc"));
    }

    private JsonNode json(Path file) {
        try (InputStream in = files.open(file)) {
            return new ObjectMapper().readTree(in);
        } catch (IOException e) {
            // Damaged, or none of ours.
            return new ObjectMapper().missingNode();
        }
    }

    private static boolean isOurs(JsonNode json) {
        boolean plan = json.path("identity").path("command").isTextual()
                && json.path("identity").path("the version of cloze").isTextual();
        boolean manifest = json.path("fingerprint").isTextual()
                && json.path("versions").path("cloze").isTextual();
        return json.path("run").isTextual() && (plan || manifest);
    }

    /** Chunks say in their footer who wrote them, also when the plan is damaged. */
    private boolean isOurs(Path chunk) {
        try (ParquetFileReader reader = ParquetFileReader.open(HadoopInputFile.fromPath(chunk, files.getConf()))) {
            return reader.getFileMetaData().getKeyValueMetaData().containsKey("cloze.schema");
        } catch (IOException | RuntimeException e) {
            // Parquet says with both that a file is none.
            return false;
        }
    }

    /** Removes it, when it is there and nothing in it is another's; what appears in it meanwhile stays. */
    void remove() throws IOException {
        requireReplaceable();
        if (files.exists(path)) {
            remove(path, expected(files.listStatus(path)), DIRECTORIES);
        }
    }

    /** Removes {@code name} from it, a file or a directory of ours, when it is there. */
    public void remove(String name) throws IOException {
        Path place = new Path(path, name);
        if (isLink(place) || !files.exists(place) || files.getFileStatus(place).isFile()) {
            files.delete(place, false);
        } else {
            remove(place, INNER_FILES, INNER_DIRECTORIES);
        }
    }

    private void remove(Path directory, Pattern names, Pattern directories) throws IOException {
        SortedMap<Integer, List<FileStatus>> steps = new TreeMap<>();
        for (FileStatus status : files.listStatus(directory)) {
            Path place = status.getPath();
            Pattern expected = status.isDirectory() ? directories : names;
            if (isLink(place) || !expected.matcher(place.getName()).matches()) {
                throw ClozeException.user(
                        "remove " + directory,
                        "there is something in it that is no part of results of cloze: " + place.getName(),
                        "move it away and run the same command again");
            }
            steps.computeIfAbsent(order(place.getName()), order -> new ArrayList<>())
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
                        remove(status.getPath(), INNER_FILES, INNER_DIRECTORIES);
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

    private static int order(String name) {
        for (int i = 0; i < FIRST.size(); i++) {
            if (name.matches(FIRST.get(i))) {
                return i;
            }
        }
        int order = FIRST.size();
        for (int i = 0; i < LAST.size(); i++) {
            if (name.matches(LAST.get(i))) {
                order = FIRST.size() + i;
            }
        }
        return order;
    }
}
