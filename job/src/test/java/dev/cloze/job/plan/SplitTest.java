package dev.cloze.job.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloze.job.input.InputFile;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SplitTest {
    @ParameterizedTest
    @ValueSource(strings = {"/c/a.txt", "hdfs://host:9000/c/a b.txt", "/c/a\nb\n7\n8.txt", ""})
    void aNameTellsTheSplit(String path) {
        Split split = new Split(3, path, -1500, 64, 30);

        assertThat(split.name()).isEqualTo(path + "\n-1500\n64\n30");
        assertThat(Split.named(split.name())).isEqualTo(new Split(Split.UNREAD, path, -1500, 64, 30));
    }

    @Test
    void whatIsNoNameIsNoSplit() {
        assertThatThrownBy(() -> Split.named("/c/a.txt\n1\n2")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void passwordsOfAPathAreNotKept() {
        assertThat(new Split(0, "s3a://me:geheim@bucket/a.txt", 0, 0, 1).path())
                .startsWith("s3a://me:")
                .endsWith("@bucket/a.txt")
                .doesNotContain("geheim");
    }

    @Test
    void splitsStandInTheOrderOfTheirFilesAndOfTheirBytes() {
        Split first = new Split(9, "/c/a.txt", 5, 0, 64);
        Split second = new Split(3, "/c/a.txt", 5, 64, 64);
        Split third = new Split(1, "/c/a.txt", 5, 128, 1);
        Split fourth = new Split(0, "/c/b.txt", 1, 0, 64);

        assertThat(Stream.of(fourth, third, first, second).sorted(Split.ORDER).toList())
                .isEqualTo(List.of(first, second, third, fourth));
    }

    @Test
    void aFileEndsWhereItsSplitDoes() {
        assertThat(new Split(0, "/c/a.txt", 1_500, 64, 30).file())
                .isEqualTo(new InputFile("/c/a.txt", 94, Instant.parse("1970-01-01T00:00:01.500Z")));
    }
}
