package dev.cloze.job.input;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.job.testing.Runner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Spark makes of the names of directories, looked at in its plan: no file is read. */
class PartitionValuesTest {
    private static final String INFERENCE = "spark.sql.sources.partitionColumnTypeInference.enabled";

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({
        "7,8,int",
        "7,12345678901,bigint",
        "-1,0,int",
        "1.5,2.5,double",
        "2024-01-01,2024-01-02,date",
        "en,fr,string",
        "7,en,string"
    })
    void valuesThatAreWrittenAsTheyStandKeepTheTypeThatSparkFinds(String one, String other, String type)
            throws IOException {
        assertThat(type(one, other)).isEqualTo(type);
    }

    @ParameterizedTest
    @CsvSource({"007,8", "7,08", "+7,8", "1e5,2", "1.50,2.5", "2024-1-1,2024-01-02"})
    void valuesThatWouldBeWrittenInOtherLettersAreStrings(String one, String other) throws IOException {
        assertThat(type(one, other)).isEqualTo("string");
    }

    @Test
    void namesThatSparkEscapesAreWhatTheyStandFor() throws IOException {
        assertThat(type("2024-01-01 10%3A00", "b")).isEqualTo("string");
    }

    @Test
    void theSettingOfTheSessionIsWhatItWas() throws IOException {
        SparkSession spark = Runner.spark();
        String before = spark.conf().get(INFERENCE);

        type("007", "8");

        assertThat(spark.conf().get(INFERENCE)).isEqualTo(before).isEqualTo("true");
    }

    private String type(String... values) throws IOException {
        for (String value : values) {
            Path partition = Files.createDirectories(directory.resolve("id=" + value));
            Files.writeString(partition.resolve("a.txt"), "a text\n");
        }
        DataType type = PartitionValues.asTheyStand(
                        Runner.spark(), () -> Runner.spark().read().text(directory.toString()))
                .schema()
                .apply("id")
                .dataType();
        return type.simpleString();
    }
}
