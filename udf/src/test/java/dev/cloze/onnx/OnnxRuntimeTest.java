package dev.cloze.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.failure.ClozeException;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxRuntimeTest {
    private static final String PLACE = "onnxruntime.native.path";

    @TempDir
    Path empty;

    @Test
    void aLibraryThatDoesNotLoadIsExplainedTheSecondTimeToo() throws Exception {
        System.setProperty(PLACE, empty.toString());
        try (URLClassLoader another = another()) {
            for (int time = 1; time <= 2; time++) {
                Throwable failure = failureOf(another);

                assertThat(failure.getClass().getName()).isEqualTo(ClozeException.class.getName());
                assertThat(failure)
                        .as("attempt " + time)
                        .hasMessageStartingWith("Cannot start ONNX Runtime: its native library does not load: ")
                        .hasMessageContaining("onnxruntime' not found at " + empty);
            }
        } finally {
            System.clearProperty(PLACE);
        }
    }

    private static Throwable failureOf(ClassLoader loader) throws Exception {
        try {
            loader.loadClass(OnnxRuntime.class.getName()).getMethod("providers").invoke(null);
            throw new AssertionError("the library was loaded");
        } catch (InvocationTargetException e) {
            return e.getCause();
        }
    }

    /** All classes once more: ONNX Runtime looks for its library only once in its life. */
    private static URLClassLoader another() {
        URL[] places = Arrays.stream(
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
                                .split(System.getProperty("path.separator")))
                .map(place -> url(Path.of(place)))
                .toArray(URL[]::new);
        return new URLClassLoader(places, ClassLoader.getPlatformClassLoader());
    }

    private static URL url(Path place) {
        try {
            return place.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
