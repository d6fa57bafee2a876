package dev.cloze.job.doctor;

import dev.cloze.catalog.Versions;
import dev.cloze.failure.ClozeException;
import dev.cloze.onnx.OnnxJar;
import dev.cloze.onnx.OnnxRuntime;
import dev.cloze.onnx.Provider;
import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.util.List;

/** ONNX Runtime: there, once, of a version that is known, and its native library loads. */
record OnnxRuntimeLibrary() implements Check {
    @Override
    public String name() {
        return "ONNX Runtime";
    }

    @Override
    public String look() {
        List<URL> copies = OnnxJar.copies();
        if (copies.isEmpty()) {
            throw ClozeException.resources(
                    "start ONNX Runtime",
                    "it is not on the class path",
                    "add com.microsoft.onnxruntime:onnxruntime:" + Versions.of("onnxruntime")
                            + " (or onnxruntime_gpu) with --packages or --jars",
                    null);
        }
        String providers = OnnxRuntime.providers().stream()
                .map(Provider::officialName)
                .toList()
                .toString();
        String version = OnnxJar.version();
        String known = Versions.of("onnxruntime");
        return version + (version.equals(known) ? "" : " (tested with " + known + ")") + " " + providers;
    }

    /** Bytes of the native libraries that ONNX Runtime brings for {@code platform}; 0 when it is not there. */
    static long unpacked(Platform platform) {
        try {
            long bytes = 0;
            for (URL copy : OnnxJar.copies()) {
                if (copy.openConnection() instanceof JarURLConnection jar) {
                    bytes += jar.getJarFile().stream()
                            .filter(entry -> entry.getName().contains("/native/" + platform.label() + "/"))
                            .mapToLong(entry -> entry.getSize())
                            .sum();
                }
            }
            return bytes;
        } catch (IOException e) {
            return 0;
        }
    }
}
