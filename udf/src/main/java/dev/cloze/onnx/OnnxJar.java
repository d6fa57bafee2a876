package dev.cloze.onnx;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.Collections;
import java.util.List;

/** The jar of ONNX Runtime, which is not Cloze's own: the class path decides. Nothing of it is loaded here. */
public final class OnnxJar {
    private static final String ENVIRONMENT = "ai.onnxruntime.OrtEnvironment";
    private static final String ABSENT = "absent";

    private OnnxJar() {}

    /** Where it is on the class path; once, or it is unclear which one loads. */
    public static List<URL> copies() {
        try {
            String entry = ENVIRONMENT.replace('.', '/') + ".class";
            return Collections.list(OnnxJar.class.getClassLoader().getResources(entry)).stream()
                    .distinct()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its version, as its manifest says; {@code absent} when it is not there. */
    public static String version() {
        try {
            Class<?> environment = Class.forName(ENVIRONMENT, false, OnnxJar.class.getClassLoader());
            return String.valueOf(environment.getPackage().getImplementationVersion());
        } catch (ClassNotFoundException e) {
            return ABSENT;
        }
    }
}
