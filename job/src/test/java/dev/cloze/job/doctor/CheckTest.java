package dev.cloze.job.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What cannot be broken on the machine of a test is broken in what a check is shown. */
class CheckTest {
    @TempDir
    Path directory;

    @Test
    void aPlatformIsOneThatNativeLibrariesWereBuiltFor() throws IOException {
        assertThat(linux("amd64", "2.36").look()).isEqualTo("linux-x64, glibc 2.36");
        assertThat(linux("aarch64", "2.34").look()).isEqualTo("linux-aarch64, glibc 2.34");
        assertThat(new Platform("Mac OS X", "aarch64", directory).look()).isEqualTo("osx-arm64");

        assertThatThrownBy(() -> linux("amd64", "2.31").look())
                .hasMessage(
                        "Cannot load native libraries: its glibc is 2.31, the native libraries need 2.34; use Linux with"
                                + " glibc 2.34 or later (Ubuntu 22.04, Debian 12, RHEL 9) on x86-64 or ARM, or macOS on ARM");
        assertThatThrownBy(() -> new Platform("Mac OS X", "x86_64", directory).look())
                .hasMessageContaining(
                        "Mac OS X on x86_64 has no native libraries of the tokenizers or of ONNX Runtime");
        assertThatThrownBy(() -> new Platform("Linux", "s390x", directory).look())
                .hasMessageContaining("Linux on s390x has no native libraries");
        Path musl = Files.writeString(directory.resolve("musl"), "7f0 r-xp 00 08:01 9 /lib/ld-musl-x86_64.so.1\n");
        assertThatThrownBy(() -> new Platform("Linux", "amd64", musl).look()).hasMessageContaining("it has no glibc");
    }

    private Platform linux(String processor, String glibc) throws IOException {
        Path library = Files.createDirectories(directory.resolve("lib" + glibc)).resolve("libc.so.6");
        Files.writeString(
                library, "\u0000GNU C Library (Distribution GLIBC " + glibc + "-9) stable release version " + glibc);
        Path maps = Files.writeString(
                directory.resolve("maps" + glibc),
                "55d0-55d1 r--p 00000000 08:01 1 /usr/bin/java\n7f00-7f01 r-xp 00026000 08:01 2 " + library + "\n");
        return new Platform("Linux", processor, maps);
    }

    @Test
    void aTemporaryDirectoryHasRoomForNativeLibraries() throws Exception {
        assertThat(new TemporaryDirectory(directory, 1 << 20).look())
                .matches(Pattern.quote(directory.toString()) + ", executable, (more than )?\\d+ MB free");

        assertThatThrownBy(() -> new TemporaryDirectory(directory, Long.MAX_VALUE).look())
                .hasMessageStartingWith("Cannot use the temporary directory " + directory + ": it has ")
                .hasMessageContaining(" MB left, ONNX Runtime unpacks ");
        assertThatThrownBy(() -> new TemporaryDirectory(directory.resolve("nowhere"), 1).look())
                .hasMessageContaining("NoSuchFileException")
                .hasMessageContaining("choose another with -Djava.io.tmpdir");
    }

    @Test
    void variablesOfTheEnvironmentThatUndoTheSettingsAreNamed() {
        assertThat(new TelemetryCheck(Map.of("RUST_FLAVOR", "CPU", "OPT_OUT_TRACKING", "true", "PATH", "/bin")).look())
                .isEqualTo("tokenizers offline, ONNX Runtime without telemetry");

        assertThatThrownBy(() -> new TelemetryCheck(Map.of("DJL_OFFLINE", "false")).look())
                .hasMessage("Cannot keep the tokenizers library off the network: the environment variable"
                        + " DJL_OFFLINE=false undoes Cloze's setting; unset it for the driver and the executors"
                        + " (spark.executorEnv.DJL_OFFLINE)");
        assertThatThrownBy(() -> new TelemetryCheck(Map.of("OPT_OUT_TRACKING", "no")).look())
                .hasMessageContaining("OPT_OUT_TRACKING=no");
    }

    @Test
    void versionsThatSendTelemetryAreKnown() {
        assertThat(TelemetryCheck.sendsTelemetry("1.28.0")).isFalse();
        assertThat(TelemetryCheck.sendsTelemetry("1.29.0")).isTrue();
        assertThat(TelemetryCheck.sendsTelemetry("1.30.1")).isTrue();
        assertThat(TelemetryCheck.sendsTelemetry("null")).isFalse();
    }
}
