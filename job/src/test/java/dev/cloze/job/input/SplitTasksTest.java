package dev.cloze.job.input;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.job.testing.Runner;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;

class SplitTasksTest {
    @Test
    void aCoreHasFourTasksUnlessATaskHadMoreThan64Splits() {
        assertThat(SplitTasks.tasks(400, 2)).isEqualTo(8);
        assertThat(SplitTasks.tasks(10_000, 2)).isEqualTo(156);
        assertThat(SplitTasks.tasks(3, 2)).isEqualTo(8);
    }

    @Test
    void fewerTasksReadAllRowsOnce() {
        JavaSparkContext spark =
                JavaSparkContext.fromSparkContext(Runner.spark().sparkContext());
        List<Integer> numbers = IntStream.range(0, 300).boxed().toList();
        int cores = spark.defaultParallelism();

        JavaRDD<Integer> fewer = SplitTasks.of(spark.parallelize(numbers, 300));

        assertThat(fewer.getNumPartitions()).isEqualTo(4 * cores);
        assertThat(fewer.collect()).containsExactlyInAnyOrderElementsOf(numbers);
        assertThat(SplitTasks.of(spark.parallelize(Collections.nCopies(2, 1), 2))
                        .getNumPartitions())
                .isEqualTo(2);
    }
}
