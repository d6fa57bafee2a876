package dev.cloze.job.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.job.testing.Runner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Spark lists, looked at in its plan: no file is read. */
class EmptyFilesTest {
    private static final StructType SCHEMA = new StructType().add("value", DataTypes.StringType);

    @TempDir
    Path directory;

    @Test
    void aFileWithoutBytesIsOneThatCannotBeReadWhereNoFormatHasSuchFiles() throws IOException {
        Files.writeString(directory.resolve("a.x"), "some bytes");
        Path empty = Files.writeString(directory.resolve("b.x"), "");
        Files.setLastModifiedTime(empty, FileTime.fromMillis(1_000));

        for (String format : List.of("parquet", "orc")) {
            List<Split> splits = EmptyFiles.of(
                    Runner.spark().read().schema(SCHEMA).format(format).load(directory.toString()));

            assertThat(splits).containsExactly(new Split(Split.UNREAD, "file:" + empty, 1_000, 0, 0));
            assertThat(splits.get(0).isEmpty()).isTrue();
        }
    }

    @Test
    void aTextWithoutBytesIsATextWithoutRows() throws IOException {
        Files.writeString(directory.resolve("b.x"), "");

        assertThat(EmptyFiles.of(Runner.spark().read().text(directory.toString())))
                .isEmpty();
        assertThat(EmptyFiles.of(Runner.spark().range(3).toDF())).isEmpty();
    }
}
