package dev.cloze.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.batch.Batch;
import dev.cloze.onnx.Device;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ModelRegistryTest {
    private static final LocalModel SPEC =
            new LocalModel(Path.of("/models/tiny"), "digest", Head.MASKED_LM, Device.cpu());
    private static final Duration LONG = Duration.ofMinutes(10);

    private final CountDownLatch closed = new CountDownLatch(1);

    @Test
    void allTasksShareOneModel() {
        ModelRegistry registry = registry(LONG);

        List<ModelRegistry.Lease> leases = IntStream.range(0, 16)
                .parallel()
                .mapToObj(i -> registry.lease(SPEC))
                .toList();

        assertThat(leases)
                .extracting(ModelRegistry.Lease::model)
                .containsOnly(leases.get(0).model());
        assertThat(registry.opened()).isEqualTo(1);
    }

    @Test
    void theNextStageFindsTheModelStillOpen() {
        ModelRegistry registry = registry(LONG);

        registry.lease(SPEC).close();
        registry.lease(SPEC).close();

        assertThat(registry.opened()).isEqualTo(1);
        assertThat(registry.open()).isEqualTo(1);
    }

    @Test
    void anIdleModelIsClosed() throws InterruptedException {
        ModelRegistry registry = registry(Duration.ofMillis(1));

        registry.lease(SPEC).close();

        assertThat(closed.await(1, TimeUnit.MINUTES)).isTrue();
    }

    @Test
    void aModelInUseStaysOpenHoweverOftenALeaseIsClosed() throws InterruptedException {
        ModelRegistry registry = registry(Duration.ofMillis(1));
        ModelRegistry.Lease held = registry.lease(SPEC);
        ModelRegistry.Lease returned = registry.lease(SPEC);

        returned.close();
        returned.close();

        assertThat(closed.await(200, TimeUnit.MILLISECONDS)).isFalse();
        held.close();
        assertThat(closed.await(1, TimeUnit.MINUTES)).isTrue();
        assertThat(registry.open()).isZero();
    }

    private ModelRegistry registry(Duration idle) {
        return new ModelRegistry(spec -> new LanguageModel(null, new Closing(), null, 8, 9), idle);
    }

    private final class Closing implements Network {
        @Override
        public List<Prediction> predict(Batch batch) {
            return List.of();
        }

        @Override
        public void close() {
            closed.countDown();
        }
    }
}
