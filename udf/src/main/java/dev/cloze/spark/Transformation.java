package dev.cloze.spark;

import dev.cloze.failure.ClozeException;
import dev.cloze.scoring.EngineSettings;
import dev.cloze.spark.call.Call;
import dev.cloze.spark.call.Call.Input;
import dev.cloze.spark.call.Calls;
import dev.cloze.spark.catalyst.Refusal;
import dev.cloze.spark.catalyst.Request;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import scala.runtime.AbstractFunction1;

/**
 * What {@code Dataset.transform} takes. A value: every method gives another one and leaves this as it is.
 *
 * @param <S> the kind of transformation
 */
public abstract sealed class Transformation<S extends Transformation<S>>
        extends AbstractFunction1<Dataset<Row>, Dataset<Row>>
        permits FillMaskColumns, PerplexityColumns, AugmentRows, EmbedColumns {
    private final Request request;

    Transformation(Request request) {
        this.request = request;
    }

    /** A setting for this transformation alone, as {@code spark.cloze.KEY} is one for the session. */
    public S option(String key, Object value) {
        return with(request.option(key, String.valueOf(value)));
    }

    /** The model's name, the directory of a bundle, or its URL. */
    public S model(String model) {
        return option(EngineSettings.MODEL.name(), model);
    }

    final Request request() {
        return request;
    }

    final S column(Input input, String name) {
        return with(request.column(input, name));
    }

    abstract S with(Request other);

    /** Scored rows; fails with an {@code AnalysisException} when a setting, the model or a column does not fit. */
    @Override
    public final Dataset<Row> apply(Dataset<Row> rows) {
        try {
            return scored(rows);
        } catch (ClozeException e) {
            throw Refusal.of(name(), e);
        }
    }

    Dataset<Row> scored(Dataset<Row> rows) {
        Call<?> call = call(request.calls(rows));
        return Request.spread(rows, call, request.result(rows, call));
    }

    /** What {@link Cloze} calls it. */
    abstract String name();

    abstract Call<?> call(Calls calls);
}
