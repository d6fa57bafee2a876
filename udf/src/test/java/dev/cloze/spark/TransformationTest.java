package dev.cloze.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.bundle.Bundle;
import dev.cloze.importing.TinyBert;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In a session without the extension. */
class TransformationTest {
    @TempDir
    Path directory;

    @Test
    void aTransformationNeedsNoExtension() throws Exception {
        Bundle tiny = TinyBert.write(directory, "tiny");
        try (SparkSession spark = SparkSession.builder()
                .master("local[1]")
                .config("spark.ui.enabled", false)
                .getOrCreate()) {
            Dataset<Row> texts = spark.createDataset(List.of("the capital of france is [MASK] ."), Encoders.STRING())
                    .toDF("text");

            Row row = texts.transform(Cloze.fillMask("text")
                            .topK(2)
                            .model(tiny.directory().toString()))
                    .head();

            assertThat(row.<Row>getList(row.fieldIndex("masks")).get(0).getList(3))
                    .hasSize(2);
        }
    }
}
