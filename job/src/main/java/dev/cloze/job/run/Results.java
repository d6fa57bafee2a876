package dev.cloze.job.run;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.spark.api.java.function.FilterFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Scored rows that are searched. */
public interface Results {

    /** What is looked for; it travels to executors. */
    @FunctionalInterface
    interface Condition extends FilterFunction<Row> {
        @Override
        boolean call(Row row);
    }

    /** One for which {@code wanted} holds. */
    Optional<Row> first(Condition wanted);

    /** @param rows asked for when they are searched */
    static Results of(Supplier<Dataset<Row>> rows) {
        return wanted -> rows.get().filter(wanted).limit(1).collectAsList().stream().findFirst();
    }

    static Results of(List<Row> rows) {
        return wanted -> rows.stream().filter(wanted::call).findFirst();
    }
}
