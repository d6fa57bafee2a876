package dev.cloze.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtProvider;
import dev.cloze.failure.Causes;
import dev.cloze.failure.ClozeException;
import java.net.URL;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** ONNX Runtime in this JVM: one environment, one pool of threads for all sessions, nothing sent anywhere. */
public final class OnnxRuntime {
    private static final Logger LOG = LoggerFactory.getLogger(OnnxRuntime.class);

    private static OrtEnvironment environment;
    /** Why the native library did not load. The JVM tells it once; to who asks again it speaks of a class that is not there. */
    private static Throwable obstacle;

    private static int threads = 1;
    /** What was wanted too late, and said so; every task wants it. */
    private static int refused;

    private OnnxRuntime() {}

    /**
     * Threads that a session run may compute with, the calling one included; those beside it are shared by all runs of this JVM.
     * One, as long as nobody says otherwise. Must be said before the first session opens.
     */
    public static synchronized void computeWith(int wanted) {
        if (environment == null) {
            threads = wanted;
        } else if (threads != wanted && refused != wanted) {
            refused = wanted;
            LOG.warn("ONNX Runtime computes with {} threads in this JVM already, not with {}", threads, wanted);
        }
    }

    /** The providers that the library on the class path was built with; whether their drivers are there is another matter. */
    public static Set<Provider> providers() {
        environment();
        EnumSet<OrtProvider> available = OrtEnvironment.getAvailableProviders();
        EnumSet<Provider> providers = EnumSet.of(Provider.CPU);
        if (available.contains(OrtProvider.CUDA)) {
            providers.add(Provider.CUDA);
        }
        if (available.contains(OrtProvider.TENSOR_RT)) {
            providers.add(Provider.TENSORRT);
        }
        return providers;
    }

    /** The JVM's one environment; closing it is a no-op by design, so nobody does. */
    static synchronized OrtEnvironment environment() {
        if (environment == null) {
            environment = start();
        }
        return environment;
    }

    private static OrtEnvironment start() {
        List<URL> copies = OnnxJar.copies();
        if (copies.size() > 1) {
            throw ClozeException.resources(
                    "start ONNX Runtime",
                    "it is on the class path more than once: " + copies,
                    "keep onnxruntime or onnxruntime_gpu, not both",
                    null);
        }
        if (obstacle != null) {
            throw unloadable(obstacle);
        }
        try (OrtEnvironment.ThreadingOptions pool = new OrtEnvironment.ThreadingOptions()) {
            pool.setGlobalIntraOpNumThreads(threads);
            pool.setGlobalInterOpNumThreads(1);
            pool.setGlobalSpinControl(false);
            // What goes wrong is thrown, and said once by whoever catches it.
            OrtEnvironment started =
                    OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "cloze", pool);
            started.setTelemetry(false);
            return started;
        } catch (OrtException | UnsatisfiedLinkError | ExceptionInInitializerError e) {
            obstacle = e;
            throw unloadable(e);
        }
    }

    private static ClozeException unloadable(Throwable e) {
        return ClozeException.resources(
                "start ONNX Runtime",
                "its native library does not load: " + Causes.root(e),
                "make the temporary directory writable and executable, and use a platform that the jar supports",
                e);
    }
}
