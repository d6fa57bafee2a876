package dev.cloze.model;

import dev.cloze.batch.Batch;
import dev.cloze.onnx.Device;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/**
 * A network on a GPU, one batch at a time: memory for a second one at once would have to be there for nothing, since a GPU computes
 * one after the other anyway. Tasks tokenise while they wait for their turn. Models on one GPU share its turns.
 */
final class OneBatchAtATime implements Network {
    private static final Map<Integer, Semaphore> GPUS = new ConcurrentHashMap<>();

    private final Network network;
    private final Semaphore turns;

    private OneBatchAtATime(Network network, Semaphore turns) {
        this.network = network;
        this.turns = turns;
    }

    /** {@code network}, which computes on {@code device}. */
    static Network on(Device device, Network network) {
        return device.isGpu()
                ? new OneBatchAtATime(network, GPUS.computeIfAbsent(device.index(), gpu -> new Semaphore(1, true)))
                : network;
    }

    @Override
    public List<Prediction> predict(Batch batch) {
        turns.acquireUninterruptibly();
        try {
            return network.predict(batch);
        } finally {
            turns.release();
        }
    }

    @Override
    public void close() {
        network.close();
    }
}
