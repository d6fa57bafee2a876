package dev.cloze.job.chunks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cloze.job.testing.Corpora;
import dev.cloze.job.testing.Processes;
import dev.cloze.job.testing.Runner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file system that is really full, and one that really cannot be written, in a mount namespace of the test's own. */
class FullDiskIT {
    private static final Path HOME = Path.of("..").toAbsolutePath().normalize();
    private static final int ROWS = 400;
    private static final String STAYS = "run the same command again: chunks that are there stay";

    @TempDir
    Path directory;

    /**
     * On a small file system with ballast the command runs out of room; what is there is copied out; the ballast is thrown off, and
     * the same command resumes the run.
     */
    @Test
    void aRunGoesOnWhenThereIsRoomAgain() throws Exception {
        requireMounts();
        String script = "mount -t tmpfs -o size=8m none \"$1\" && head -c 7880k /dev/zero > \"$1/ballast\" || exit 99\n"
                + command("full")
                + "cp -r \"$1/out\" \"$2/broken\" && rm \"$1/ballast\" || exit 98\n"
                + command("again")
                + "cp -r \"$1/out\" \"$2/whole\"\n";

        int code = run(script);

        assertThat(code).isZero();
        assertThat(code("full")).as(err("full")).isEqualTo(6);
        assertThat(err("full"))
                .contains("cloze: Cannot write ")
                .contains("/disk/out")
                .contains("No space left on device")
                .contains(STAYS)
                .doesNotContain("\tat ");
        assertThat(directory.resolve("broken/_SUCCESS")).doesNotExist();
        int left = requireWholeChunks(directory.resolve("broken"));
        assertThat(code("again")).as(err("again")).isZero();
        assertThat(err("again")).contains(left == 0 ? ROWS + " rows" : "resuming: " + left + " of ");
        assertThat(directory.resolve("whole/_SUCCESS")).exists();
        assertThat(requireWholeChunks(directory.resolve("whole"))).isGreaterThan(left);
        Stream<Row> rows =
                Runner.spark().read().parquet(directory.resolve("whole").toString()).collectAsList().stream();
        assertThat(rows.map(row -> row.get(0)).distinct()).hasSize(ROWS);
    }

    @Test
    void anOutputThatCannotBeWrittenIsSaid() throws Exception {
        requireMounts();
        String script = "mount -t tmpfs -o ro none \"$1\" || exit 99\n" + command("readonly");

        assertThat(run(script)).isZero();

        assertThat(code("readonly")).as(err("readonly")).isEqualTo(6);
        assertThat(err("readonly"))
                .contains("cloze: Cannot write ")
                .contains("/disk/out")
                .contains("check --output, its permissions and room")
                .doesNotContain("\tat ");
    }

    private void requireMounts() throws Exception {
        Files.createDirectory(directory.resolve("disk"));
        new Corpora(directory).numbered("corpus.txt", 0, ROWS);
        boolean possible;
        try {
            possible = run("mount -t tmpfs -o size=1m none \"$1\"") == 0;
        } catch (IOException e) {
            possible = false;
        }
        assumeTrue(possible, "mount namespaces are not permitted here");
    }

    /** A line that runs the job and keeps its exit code and what it said under {@code name}. */
    private String command(String name) {
        return String.format(
                "%s/bin/cloze fill-mask --model %s --input \"$2/corpus.txt\" --top-k 100 --partitions 20 --show 1"
                        + " --output \"$1/out\" > /dev/null 2> \"$2/%s.err\"; echo $? > \"$2/%s.code\"%n",
                HOME, Runner.tiny().directory().toAbsolutePath(), name, name);
    }

    private int run(String script) throws Exception {
        Process process = Processes.shortLived(new ProcessBuilder(
                        "unshare",
                        "--map-root-user",
                        "--mount",
                        "sh",
                        "-c",
                        script,
                        "sh",
                        directory.resolve("disk").toString(),
                        directory.toString()))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("script.log").toFile())
                .start();
        try {
            assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        return process.exitValue();
    }

    private int code(String name) throws IOException {
        return Integer.parseInt(
                Files.readString(directory.resolve(name + ".code")).strip());
    }

    private String err(String name) throws IOException {
        return Files.readString(directory.resolve(name + ".err"));
    }

    /** Chunks that can be seen and hold rows that the plan has for one; fails when there is another. */
    private static int requireWholeChunks(Path output) throws IOException {
        Set<Long> planned = new HashSet<>();
        new ObjectMapper()
                .readTree(output.resolve("_plan.json").toFile())
                .findValues("rows")
                .forEach(rows -> rows.forEach(count -> planned.add(count.asLong())));
        int whole = 0;
        try (Stream<Path> files = Files.list(output)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                if (file.getFileName().toString().startsWith("chunk-")) {
                    assertThat(Runner.spark().read().parquet(file.toString()).count())
                            .isIn(planned);
                    whole++;
                }
            }
        }
        return whole;
    }
}
