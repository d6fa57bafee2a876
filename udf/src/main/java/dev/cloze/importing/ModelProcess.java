package dev.cloze.importing;

import dev.cloze.bundle.Bundle;
import dev.cloze.bundle.Directories;
import dev.cloze.failure.ClozeException;
import dev.cloze.importing.WorkerMessage.Failure;
import dev.cloze.importing.WorkerMessage.Stage;
import dev.cloze.importing.layout.Layout;
import dev.cloze.importing.source.Subject;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Tries a stranger's model in a process of its own, with limits: the native libraries that read tokenizers and graphs end the process
 * for some files, never come back for others, or take all memory. Whatever happens there is a refusal here.
 *
 * @param limits what the process may take
 */
public record ModelProcess(ModelLimits limits) {
    static final String TEMPORARY = "cloze-model-";
    private static final String HEAP = "-Xmx2g";
    private static final int SIGNALLED = 128;
    /** Digests of smaller files do not pay for the better compiler. */
    private static final long SMALL = 64L << 20;

    private static final int DEEPEST = 2;
    private static final long MEGABYTE = 1 << 20;

    /** With the limits that the environment sets. */
    public static ModelProcess ofEnvironment() {
        return new ModelProcess(ModelLimits.of(System.getenv()));
    }

    /** Does {@link HuggingFaceExport#write(Path, String, Path)}. */
    public void write(Path source, String name, Path target) {
        Layout files = Layout.of(source, Optional.empty(), new Subject("import model " + source));
        write(files.directory(), files.graph(), name, target);
    }

    /**
     * The same of one of several graphs.
     *
     * @param graph the ONNX file in {@code source}; absent of a model that comes as weights
     */
    public void write(Path source, Optional<String> graph, String name, Path target) {
        List<String> arguments = new ArrayList<>(List.of(
                ModelWorker.IMPORT,
                source.toAbsolutePath().toString(),
                name,
                target.toAbsolutePath().toString()));
        graph.ifPresent(arguments::add);
        run(new Subject("import model " + source), size(source), arguments.toArray(String[]::new));
    }

    /** Fails when {@code bundle} cannot be used. */
    public void requireUsable(Bundle bundle) {
        Path directory = bundle.directory().toAbsolutePath();
        run(new Subject("open model " + bundle.directory()), size(directory), ModelWorker.TRY, directory.toString());
    }

    private void run(Subject subject, long size, String... arguments) {
        Path temporary = temporary();
        try {
            WatchedProcess worker = WatchedProcess.start(command(temporary, size, arguments), temporary);
            worker.follow(limits.time(), limits.memoryFor(size));
            refusal(worker, subject, limits.memoryFor(size)).ifPresent(refusal -> {
                throw refusal;
            });
        } catch (IOException e) {
            throw unstartable(String.valueOf(e.getMessage()), e);
        } finally {
            delete(temporary);
        }
    }

    private static List<String> command(Path temporary, long size, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                HEAP,
                "-XX:+IgnoreUnrecognizedVMOptions",
                "-XX:+UseSerialGC",
                size < SMALL ? "-XX:TieredStopAtLevel=1" : "-XX:+TieredCompilation",
                // What a crash would leave in the working directory.
                "-XX:+SuppressFatalErrorMessage",
                "-Djava.io.tmpdir=" + temporary,
                "-Duser.home=" + System.getProperty("user.home"),
                "-Dfile.encoding=UTF-8",
                "-cp",
                WorkerClassPath.find(),
                ModelWorker.class.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    /** Why the model is refused, when it is. */
    private Optional<ClozeException> refusal(WatchedProcess worker, Subject subject, long memory) {
        if (worker.failure().isPresent()) {
            return worker.failure().map(Failure::exception);
        }
        String part = worker.stage().orElse(Stage.STARTED).part();
        return switch (worker.end()) {
            case BY_ITSELF -> worker.exitCode() == 0 ? Optional.empty() : Optional.of(crash(worker, subject, part));
            case TIME ->
                Optional.of(subject.refuse(
                        part + " was still being tried after " + limits.time().toSeconds() + " s",
                        "set " + ModelLimits.TIME + " to more seconds if the machine is slow and the model comes from a"
                                + " source that you trust"));
            case MEMORY ->
                Optional.of(subject.refuse(
                        part + " took more than " + memory / MEGABYTE + " MB of memory",
                        "set " + ModelLimits.MEMORY + " to more megabytes if the model comes from a source that you"
                                + " trust"));
        };
    }

    private static ClozeException crash(WatchedProcess worker, Subject subject, String part) {
        if (worker.stage().isEmpty()) {
            return unstartable(worker.lastLine(), null);
        }
        int code = worker.exitCode();
        String how = code > SIGNALLED ? "signal " + (code - SIGNALLED) : "exit code " + code;
        return subject.refuse(
                part + " ended the process that tried it (" + how + ")",
                "do not use it: the file is damaged or was made to do harm; export the model again");
    }

    private static ClozeException unstartable(String why, IOException cause) {
        return ClozeException.resources(
                "start a process that tries the model",
                why,
                "make room for one more Java process on this machine",
                cause);
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory(TEMPORARY);
        } catch (IOException e) {
            throw unstartable(String.valueOf(e), e);
        }
    }

    private static void delete(Path directory) {
        try {
            Directories.delete(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Of the files in {@code directory}, which may be anybody's home. */
    private static long size(Path directory) {
        try (Stream<Path> files = Files.walk(directory, DEEPEST)) {
            return files.map(Path::toFile).mapToLong(File::length).sum();
        } catch (IOException | UncheckedIOException e) {
            return 0;
        }
    }
}
