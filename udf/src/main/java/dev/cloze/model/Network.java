package dev.cloze.model;

import dev.cloze.batch.Batch;
import java.util.List;

/** Ids in, predictions out. Safe to call from several tasks at once. */
public interface Network extends AutoCloseable {

    /**
     * One prediction for each of the batch's positions, in their order.
     *
     * <p>A prediction may hold more top tokens or candidates than its variant asked for, when another variant of the batch
     * asked for more; the first ones are the variant's own.
     */
    List<Prediction> predict(Batch batch);

    @Override
    void close();
}
