package dev.cloze.job.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloze.failure.ClozeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TableDirectoriesTest {
    private static final Configuration HADOOP = new Configuration();

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"_delta_log/00.json,delta", "metadata/v1.metadata.json,iceberg", ".hoodie/hoodie.properties,hudi"})
    void aTableIsRefusedWhereverInItFilesAreNamed(String mark, String format) throws IOException {
        write("table/" + mark);
        String repair = "; give --format " + format + " --input " + directory + "/table, and the package of " + format
                + " with --packages before the command, as README.md has it";
        String stale = " a table of " + format + ", whose files hold rows that are no longer in the table";

        assertThatThrownBy(() -> refuse("table"))
                .isInstanceOf(ClozeException.class)
                .hasMessage("Cannot read corpus " + directory + "/table: it is" + stale + repair);
        for (String within : List.of("table/lang=en", "table/lang=en/part=1", "table/data")) {
            assertThatThrownBy(() -> refuse(within))
                    .hasMessage("Cannot read corpus " + directory + "/" + within + ": " + directory + "/table is"
                            + stale + repair);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"metadata/notes.json", "metadata.json", "delta_log/00.json", "hoodie/x"})
    void otherDirectoriesAreNoTables(String mark) throws IOException {
        write("table/" + mark);

        assertThatCode(() -> refuse("table/lang=en")).doesNotThrowAnyException();
    }

    @Test
    void onlyFilesOfColumnsMayBeThoseOfATable() {
        assertThat(List.of("parquet", "orc", "avro")).allMatch(TableDirectories::mayHold);
        assertThat(List.of("text", "json", "csv", "delta")).noneMatch(TableDirectories::mayHold);
    }

    private void refuse(String name) {
        new TableDirectories(HADOOP).refuse(new org.apache.hadoop.fs.Path("file://" + directory.resolve(name)));
    }

    private void write(String name) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "{}");
    }
}
