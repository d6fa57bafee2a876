package dev.cloze.job.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloze.failure.ClozeException;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileSystemsTest {
    private static final Exception NO_SCHEME =
            new IllegalStateException(new IOException("No FileSystem for scheme \"x\""));

    @ParameterizedTest
    @CsvSource({
        "s3a,org.apache.hadoop:hadoop-aws:3.4.2",
        "gs,com.google.cloud.bigdataoss:gcs-connector:hadoop3-2.2.22",
        "abfs,org.apache.hadoop:hadoop-azure:3.4.2",
        "wasb,org.apache.hadoop:hadoop-azure:3.4.2",
        "S3A,org.apache.hadoop:hadoop-aws:3.4.2"
    })
    void aFileSystemThatIsNotThereIsNamedWithItsPackage(String scheme, String module) {
        String place = scheme + "://bucket/x.txt";

        ClozeException missing =
                FileSystems.missing("read corpus", place, NO_SCHEME).orElseThrow();

        assertThat(missing.kind()).isEqualTo(ClozeException.Kind.RESOURCES);
        assertThat(missing)
                .hasMessage("Cannot read corpus " + place + ": Spark does not bring the file system of "
                        + scheme.toLowerCase(Locale.ROOT) + ": along; add it with --packages " + module
                        + " before the command");
    }

    @ParameterizedTest
    @CsvSource({"s3,s3a", "s3n,s3a", "hdsf,hdfs", "s3aa,s3a", "fiel,file", "webhdf,webhdfs"})
    void aSchemeThatNobodyKnowsBringsTheNearest(String scheme, String near) {
        ClozeException missing =
                FileSystems.missing("write", scheme + "://host/out", NO_SCHEME).orElseThrow();

        assertThat(missing.kind()).isEqualTo(ClozeException.Kind.USER);
        assertThat(missing)
                .hasMessage("Cannot write " + scheme + "://host/out: there is no file system for " + scheme
                        + ":; did you mean " + near + ":?");
    }

    @Test
    void whereNothingIsNearThePathIsToBeChecked() {
        assertThat(FileSystems.missing("write", "zzzzzz://host/out", NO_SCHEME).orElseThrow())
                .hasMessageEndingWith(
                        "; check the path, or add the package of its file system with --packages before the command");
    }

    @Test
    void aClassThatIsNotThereMeansThatItsPackageIsMissing() {
        for (Throwable failure : List.of(
                new RuntimeException(new ClassNotFoundException("S3AFileSystem")), new NoClassDefFoundError("Aws"))) {
            assertThat(FileSystems.missing("write", "s3a://bucket/out", failure))
                    .isPresent();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/c/a.txt", "a.txt", "1a:b", ""})
    void aPathWithoutASchemeLacksNone(String path) {
        assertThat(FileSystems.missing("write", path, NO_SCHEME)).isEmpty();
    }

    @Test
    void anyOtherFailureIsNone() {
        assertThat(FileSystems.missing("write", "s3a://bucket/out", new IOException("no route to host")))
                .isEmpty();
    }

    @Test
    void whatHadoopDoesNotKnowIsExplained() throws IOException {
        Configuration hadoop = new Configuration();

        assertThat(FileSystems.of(new Path("file:/c/a.txt"), hadoop).getScheme())
                .isEqualTo("file");
        assertThatThrownBy(() -> FileSystems.of(new Path("hdsf://host/a.txt"), hadoop))
                .isInstanceOf(ClozeException.class)
                .hasMessageContaining("did you mean hdfs:?");
    }
}
