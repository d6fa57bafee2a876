package dev.cloze.job.doctor;

import dev.cloze.failure.ClozeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The operating system: one for which the native libraries were built.
 *
 * @param system the JVM's {@code os.name}
 * @param processor the JVM's {@code os.arch}
 * @param maps of the memory of a process, as Linux lists them
 */
record Platform(String system, String processor, Path maps) implements Check {
    /** The tokenizers library 0.38 uses symbols of glibc 2.34, ONNX Runtime 1.28 of 2.27. */
    private static final int GLIBC_MINOR = 34;

    private static final List<String> BUILT = List.of("linux-x64", "linux-aarch64", "osx-arm64");
    private static final Map<String, String> SHORT = Map.of("amd64", "x64", "x86_64", "x64");
    private static final Pattern LIBRARY = Pattern.compile("(/\\S*/(libc\\.so\\.6|libc-2\\.\\d+\\.so|ld-musl\\S*))");
    private static final Pattern RELEASE = Pattern.compile("release version 2\\.(\\d+)");

    static Platform ofThisJvm() {
        return new Platform(System.getProperty("os.name"), System.getProperty("os.arch"), Path.of("/proc/self/maps"));
    }

    @Override
    public String name() {
        return "platform";
    }

    /** As ONNX Runtime names its directories of native libraries. */
    String label() {
        String os = system.toLowerCase(Locale.ROOT);
        String processorName = SHORT.getOrDefault(processor, processor);
        return os.contains("mac")
                ? "osx-" + (processorName.equals("aarch64") ? "arm64" : processorName)
                : (os.contains("linux") ? "linux-" : "win-") + processorName;
    }

    @Override
    public String look() throws IOException {
        if (!BUILT.contains(label())) {
            throw unsupported(
                    system + " on " + processor + " has no native libraries of the tokenizers or of ONNX Runtime");
        }
        return label().startsWith("linux") ? label() + ", " + glibc() : label();
    }

    private String glibc() throws IOException {
        Optional<String> library = Files.readAllLines(maps).stream()
                .map(LIBRARY::matcher)
                .filter(Matcher::find)
                .map(Matcher::group)
                .findFirst();
        if (library.isEmpty() || library.get().contains("musl")) {
            throw unsupported("it has no glibc");
        }
        Matcher release = RELEASE.matcher(Files.readString(Path.of(library.get()), StandardCharsets.ISO_8859_1));
        if (!release.find()) {
            return "glibc of unknown version";
        }
        if (Integer.parseInt(release.group(1)) < GLIBC_MINOR) {
            throw unsupported("its glibc is 2." + release.group(1) + ", the native libraries need 2." + GLIBC_MINOR);
        }
        return "glibc 2." + release.group(1);
    }

    private static ClozeException unsupported(String why) {
        return ClozeException.resources(
                "load native libraries",
                why,
                "use Linux with glibc 2." + GLIBC_MINOR
                        + " or later (Ubuntu 22.04, Debian 12, RHEL 9) on x86-64 or ARM, or macOS on ARM",
                null);
    }
}
