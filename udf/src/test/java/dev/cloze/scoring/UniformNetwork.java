package dev.cloze.scoring;

import dev.cloze.batch.Batch;
import dev.cloze.model.Network;
import dev.cloze.model.Prediction;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/** A network that finds every one of its words equally likely everywhere. */
public final class UniformNetwork implements Network {
    private final int vocabulary;
    private final List<Batch> batches = new ArrayList<>();

    public UniformNetwork(int vocabulary) {
        this.vocabulary = vocabulary;
    }

    List<Batch> batches() {
        return batches;
    }

    @Override
    public List<Prediction> predict(Batch batch) {
        batches.add(batch);
        float[] each = {(float) -Math.log(vocabulary)};
        return LongStream.of(batch.positions())
                .mapToObj(p -> Prediction.ofWords(new long[0], new float[0], each))
                .toList();
    }

    @Override
    public void close() {}
}
