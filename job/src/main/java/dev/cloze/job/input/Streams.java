package dev.cloze.job.input;

import dev.cloze.bundle.Sha256;
import dev.cloze.failure.ClozeException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A corpus that comes through standard input or other pipes, copied to temporary files of the driver.
 *
 * @param files in the order in which the pipes were named
 */
record Streams(List<Path> files) implements AutoCloseable {
    private static final String STANDARD_INPUT = "-";

    /** Whether {@code inputs} are pipes; fails when only some are. */
    static boolean areNamed(List<String> inputs) {
        Optional<String> stream = inputs.stream().filter(Streams::isStream).findFirst();
        if (stream.isPresent() && !inputs.stream().allMatch(Streams::isStream)) {
            throw ClozeException.user(
                    "read corpus " + String.join(", ", inputs),
                    stream.get() + " is a pipe and the others are files",
                    "give files or pipes, not both");
        }
        return stream.isPresent();
    }

    private static boolean isStream(String input) {
        return input.equals(STANDARD_INPUT) || SpecialFiles.isStream(input);
    }

    /** Reads {@code inputs} to their ends. */
    static Streams read(List<String> inputs) {
        Streams streams = new Streams(new ArrayList<>());
        try {
            for (String input : inputs) {
                Path file = Files.createTempFile("cloze-input", "");
                streams.files.add(file);
                try (InputStream stream =
                        input.equals(STANDARD_INPUT) ? System.in : Files.newInputStream(Path.of(input))) {
                    Files.copy(stream, file, StandardCopyOption.REPLACE_EXISTING);
                }
                if (Files.size(file) == 0) {
                    throw ClozeException.user(
                            "read corpus " + input,
                            "nothing came through it",
                            "pipe a corpus into it; with --deploy-mode cluster, name files instead");
                }
            }
            return streams;
        } catch (IOException e) {
            streams.close();
            throw ClozeException.resources(
                    "copy what comes through " + String.join(", ", inputs),
                    String.valueOf(e.getMessage()),
                    "check the pipe, and that there is room in the temporary directory",
                    e);
        } catch (ClozeException e) {
            streams.close();
            throw e;
        }
    }

    /** Names what came. */
    String digest() {
        return files.stream().map(Streams::digest).collect(Collectors.joining(", "));
    }

    private static String digest(Path file) {
        try {
            return Sha256.of(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        for (Path file : files) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                file.toFile().deleteOnExit();
            }
        }
    }
}
