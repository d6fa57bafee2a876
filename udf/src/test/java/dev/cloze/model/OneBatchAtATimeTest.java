package dev.cloze.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloze.batch.Batch;
import dev.cloze.onnx.Device;
import dev.cloze.onnx.Provider;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OneBatchAtATimeTest {
    private static final Device FIRST = new Device(Provider.CUDA, 101, Map.of());
    private static final Device SECOND = new Device(Provider.CUDA, 102, Map.of());

    @Test
    void aGpuComputesOneBatchAtATimeWhoeverAsks() throws Exception {
        Counting counting = new Counting();
        List<Network> models = List.of(OneBatchAtATime.on(FIRST, counting), OneBatchAtATime.on(FIRST, counting));

        together(8, i -> models.get(i % 2).predict(null));

        assertThat(counting.most).hasValue(1);
    }

    @Test
    void twoGpusAndTheCpuComputeAtTheSameTime() throws Exception {
        Meeting meeting = new Meeting(3);
        List<Network> devices = List.of(
                OneBatchAtATime.on(FIRST, meeting),
                OneBatchAtATime.on(SECOND, meeting),
                OneBatchAtATime.on(Device.cpu(), meeting));

        together(3, i -> devices.get(i).predict(null));
    }

    @Test
    void aBatchThatFailsGivesItsTurnBack() {
        Network failing = OneBatchAtATime.on(FIRST, new Failing());
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> failing.predict(null)).hasMessage("no memory");
        }
    }

    private interface Ask {
        void ask(int i);
    }

    private static void together(int count, Ask ask) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(count);
        try {
            List<Future<?>> asked = IntStream.range(0, count)
                    .<Future<?>>mapToObj(i -> pool.submit(() -> ask.ask(i)))
                    .toList();
            for (Future<?> each : asked) {
                each.get(1, TimeUnit.MINUTES);
            }
        } finally {
            pool.shutdownNow();
        }
    }

    /** Answers slowly enough to meet others, and remembers how many it met. */
    private static final class Counting extends Answering {
        private final AtomicInteger now = new AtomicInteger();
        private final AtomicInteger most = new AtomicInteger();

        @Override
        void work() throws Exception {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            Thread.sleep(20);
            now.decrementAndGet();
        }
    }

    /** Answers when so many ask at the same time. */
    private static final class Meeting extends Answering {
        private final CyclicBarrier barrier;

        Meeting(int parties) {
            this.barrier = new CyclicBarrier(parties);
        }

        @Override
        void work() throws Exception {
            barrier.await(30, TimeUnit.SECONDS);
        }
    }

    private static final class Failing extends Answering {
        @Override
        void work() {
            throw new IllegalStateException("no memory");
        }
    }

    private abstract static class Answering implements Network {
        abstract void work() throws Exception;

        @Override
        public List<Prediction> predict(Batch batch) {
            try {
                work();
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
            return List.of();
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }
}
