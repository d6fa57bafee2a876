package dev.cloze.importing;

import ai.onnx.proto.OnnxMl;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.Message;
import dev.cloze.failure.ClozeException;
import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;

/**
 * The class path of {@link ModelWorker}: the places that this JVM itself loaded the needed libraries from, whoever put them there.
 */
final class WorkerClassPath {
    private static final List<Class<?>> LINKED = List.of(
            ModelWorker.class,
            OnnxMl.class,
            Message.class,
            ObjectMapper.class,
            JsonFactory.class,
            JsonProperty.class,
            Logger.class);
    /** Known to few classes of Cloze only; the last two are libraries of the tokenizers library. */
    private static final List<String> NAMED = List.of(
            "ai.onnxruntime.OrtEnvironment",
            "ai.djl.huggingface.tokenizers.HuggingFaceTokenizer",
            "ai.djl.util.Utils",
            "com.google.gson.Gson");

    private WorkerClassPath() {}

    static String find() {
        return Stream.concat(LINKED.stream(), NAMED.stream().map(WorkerClassPath::named))
                .map(WorkerClassPath::place)
                .distinct()
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static Class<?> named(String name) {
        try {
            return Class.forName(name, false, WorkerClassPath.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            // What is said of a missing ONNX Runtime everywhere.
            NoClassDefFoundError missing = new NoClassDefFoundError(name.replace('.', '/'));
            missing.initCause(e);
            throw missing;
        }
    }

    private static Path place(Class<?> library) {
        CodeSource source = library.getProtectionDomain().getCodeSource();
        try {
            return Path.of(source.getLocation().toURI());
        } catch (URISyntaxException | RuntimeException e) {
            throw ClozeException.resources(
                    "start a process that tries the model",
                    library.getName() + " was not loaded from a file",
                    "put the jars of Cloze and ONNX Runtime on the class path of this process as files",
                    e);
        }
    }
}
