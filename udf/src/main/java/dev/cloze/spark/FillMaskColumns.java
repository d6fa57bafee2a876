package dev.cloze.spark;

import dev.cloze.scoring.FillMaskSettings;
import dev.cloze.scoring.Targets;
import dev.cloze.spark.call.Call;
import dev.cloze.spark.call.Call.Input;
import dev.cloze.spark.call.Calls;
import dev.cloze.spark.catalyst.Request;
import java.util.List;
import java.util.Optional;

/** Adds {@code masks array<struct<position, start, end, candidates array<struct<score, token, token_str, sequence>>>>}. */
public final class FillMaskColumns extends Transformation<FillMaskColumns> {
    private final Optional<Integer> topK;
    private final Optional<List<String>> targets;

    FillMaskColumns(Request request) {
        this(request, Optional.empty(), Optional.empty());
    }

    private FillMaskColumns(Request request, Optional<Integer> topK, Optional<List<String>> targets) {
        super(request);
        this.topK = topK;
        this.targets = targets;
    }

    /** Candidates of each mask, at least 1; 5 or all targets unless this is called. */
    public FillMaskColumns topK(int candidates) {
        return new FillMaskColumns(
                request(), Optional.of(FillMaskSettings.TOP_K.parse(String.valueOf(candidates))), targets);
    }

    /** Only these words are filled in. */
    public FillMaskColumns targets(String... words) {
        if (words.length > Targets.MOST) {
            throw new IllegalArgumentException(
                    "Cannot fill masks: targets must be at most " + Targets.MOST + " words, there are " + words.length);
        }
        return new FillMaskColumns(request(), topK, Optional.of(List.of(words)));
    }

    /** A column of second sentences, which the model reads as pairs with the first. */
    public FillMaskColumns pair(String column) {
        return column(Input.PAIR, column);
    }

    @Override
    FillMaskColumns with(Request other) {
        return new FillMaskColumns(other, topK, targets);
    }

    @Override
    String name() {
        return "fillMask";
    }

    @Override
    Call<?> call(Calls calls) {
        return calls.fillMask(topK, targets, request().inputs());
    }
}
