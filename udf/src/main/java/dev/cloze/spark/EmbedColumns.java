package dev.cloze.spark;

import dev.cloze.scoring.EmbedSettings;
import dev.cloze.spark.call.Call;
import dev.cloze.spark.call.Calls;
import dev.cloze.spark.catalyst.Request;

/** Adds {@code vector array<float>}: the hidden states of the model's last layer, pooled. */
public final class EmbedColumns extends Transformation<EmbedColumns> {
    EmbedColumns(Request request) {
        super(request);
    }

    /** {@code mean} or {@code cls}. */
    public EmbedColumns pooling(String pooling) {
        return option(EmbedSettings.POOLING.name(), pooling);
    }

    @Override
    EmbedColumns with(Request other) {
        return new EmbedColumns(other);
    }

    @Override
    String name() {
        return "embed";
    }

    @Override
    Call<?> call(Calls calls) {
        return calls.embed(request().inputs());
    }
}
