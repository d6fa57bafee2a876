package dev.cloze.job.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.job.testing.BackgroundRun;
import dev.cloze.job.testing.BinCloze;
import dev.cloze.job.testing.Results;
import dev.cloze.job.testing.Runner;
import dev.cloze.job.testing.SparkJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What processes of local runs listen on, as the kernel lists it, however the master was named. */
class LoopbackIT {
    private static final String LISTENING = "0A";
    private static final int STATE = 3;
    private static final int INODE = 9;
    /** 127.0.0.1, and the same in IPv6, as the kernel writes them. */
    private static final List<String> LOOPBACK =
            List.of("0100007F", "0000000000000000FFFF00000100007F", "00000000000000000000000001000000");

    @TempDir
    Path directory;

    @Test
    void aMasterOfAnOptionOfSpark() throws Exception {
        requireLoopback(BinCloze.command("--conf", "spark.master=local[1]"));
    }

    @Test
    void aMasterOfAFile() throws Exception {
        Path properties = Files.writeString(directory.resolve("spark.properties"), "spark.master local[1]\n");

        requireLoopback(BinCloze.command("--properties-file", properties.toString()));
    }

    @Test
    void aMasterOfSparksDefaults() throws Exception {
        Files.writeString(directory.resolve("spark-defaults.conf"), "spark.master=local[1]\n");
        ProcessBuilder run = BinCloze.command();
        run.environment().put("SPARK_CONF_DIR", directory.toString());

        requireLoopback(run);
    }

    @Test
    void aMasterOfTheEnvironment() throws Exception {
        ProcessBuilder run = BinCloze.command();
        run.environment().put("MASTER", "local[1]");

        requireLoopback(run);
    }

    @Test
    void aLocalClusterWhosePageWasAskedFor() throws Exception {
        requireLoopback(
                BinCloze.command("--conf", "spark.master=local-cluster[1,1,1024]", "--conf", "spark.ui.enabled=true"));
    }

    @Test
    void sparkSubmitWithoutBinCloze() throws Exception {
        ProcessBuilder run = SparkJvm.submit(SparkJvm.onnxRuntime(), List.of("--master", "local[2]"), List.of());
        run.command().removeIf(argument -> argument.equals("spark.ui.enabled=false"));
        run.command().remove(run.command().indexOf("--conf"));
        run.environment().remove("SPARK_LOCAL_IP");

        requireLoopback(run);
    }

    private void requireLoopback(ProcessBuilder run) throws Exception {
        Path corpus = BackgroundRun.corpus(directory);
        List<String> more = new ArrayList<>(List.of(
                "fill-mask",
                "--model",
                Runner.tiny().directory().toAbsolutePath().toString()));
        more.addAll(BackgroundRun.arguments(corpus, directory.resolve("results")));
        run.command().addAll(more);
        Path err = directory.resolve("err");
        Process process = run.redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(err.toFile())
                .start();
        Set<String> addresses = new HashSet<>();
        try {
            Results results = new Results(directory.resolve("results"));
            while (process.isAlive() && results.chunks().isEmpty()) {
                addresses.addAll(listening(process));
                Thread.sleep(20);
            }
            addresses.addAll(listening(process));
            process.waitFor();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).as(Files.readString(err)).isZero();
        assertThat(addresses).as("Spark listens somewhere").isNotEmpty();
        assertThat(LOOPBACK).containsAll(addresses);
    }

    /** Addresses on which a process or one that it started listens. */
    private static Set<String> listening(Process process) throws IOException {
        Set<String> sockets = new HashSet<>();
        for (ProcessHandle each : Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .toList()) {
            sockets.addAll(sockets(Path.of("/proc", Long.toString(each.pid()), "fd")));
        }
        Set<String> addresses = new HashSet<>();
        for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            for (String line : Files.readAllLines(Path.of(table))) {
                String[] fields = line.strip().split("\\s+");
                if (fields[STATE].equals(LISTENING) && sockets.contains("socket:[" + fields[INODE] + "]")) {
                    addresses.add(fields[1].split(":")[0]);
                }
            }
        }
        return addresses;
    }

    private static Set<String> sockets(Path descriptors) {
        Set<String> sockets = new HashSet<>();
        try (Stream<Path> all = Files.list(descriptors)) {
            all.forEach(descriptor -> {
                try {
                    sockets.add(Files.readSymbolicLink(descriptor).toString());
                } catch (IOException e) {
                    // Closed meanwhile.
                }
            });
        } catch (IOException e) {
            // The process ended meanwhile.
        }
        return sockets;
    }
}
