package dev.cloze.job.doctor;

import dev.cloze.failure.ClozeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Where native libraries are unpacked: writable, executable, and with room for them.
 *
 * @param directory the JVM's {@code java.io.tmpdir}
 * @param needed bytes that ONNX Runtime unpacks there
 */
record TemporaryDirectory(Path directory, long needed) implements Check {
    private static final String SCRIPT = "#!/bin/sh\nexit 0\n";
    private static final long MEGABYTE = 1 << 20;
    private static final long PLENTY = 10_000 * MEGABYTE;

    @Override
    public String name() {
        return "temporary directory";
    }

    @Override
    public String look() throws InterruptedException {
        try {
            long free = Files.getFileStore(directory).getUsableSpace();
            if (free < needed) {
                throw unusable(
                        "it has " + free / MEGABYTE + " MB left, ONNX Runtime unpacks " + needed / MEGABYTE + " MB");
            }
            execute();
            return directory + ", executable, " + megabytes(free) + " MB free";
        } catch (IOException e) {
            throw unusable(String.valueOf(e));
        }
    }

    /** Executors that have plenty say the same. */
    private static String megabytes(long free) {
        return free < PLENTY ? Long.toString(free / MEGABYTE) : "more than " + PLENTY / MEGABYTE;
    }

    private void execute() throws IOException, InterruptedException {
        Path script = Files.createTempFile(directory, "cloze-doctor", ".sh");
        try {
            Files.writeString(script, SCRIPT);
            Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
            new ProcessBuilder(script.toString()).start().waitFor();
        } catch (IOException e) {
            if (String.valueOf(e.getMessage()).contains("Permission denied")) {
                throw unusable("files in it may not be executed (it is mounted noexec)");
            }
            throw e;
        } finally {
            Files.deleteIfExists(script);
        }
    }

    private ClozeException unusable(String why) {
        return ClozeException.resources(
                "use the temporary directory " + directory,
                why,
                "choose another with -Djava.io.tmpdir in spark.driver.extraJavaOptions and spark.executor.extraJavaOptions",
                null);
    }
}
