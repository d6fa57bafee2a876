package dev.cloze.job.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloze.failure.ClozeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RootsTest {
    private static final Configuration HADOOP = new Configuration();

    @TempDir
    Path directory;

    @BeforeEach
    void writeFiles() throws IOException {
        for (String name : List.of("a.txt", "b.txt", "sub/c.txt", "t/lang=en/part=1/x.txt", "t/lang=fr/part=1/x.txt")) {
            Path file = directory.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, name);
        }
    }

    @Test
    void pathsStandInTheOrderInWhichTheyAreNamed() {
        Roots roots = roots("/b.txt", "/a.txt", "/sub");

        assertThat(names(roots)).containsExactly("/b.txt", "/a.txt", "/sub");
        assertThat(roots.repeated()).isEmpty();
    }

    @Test
    void globsStandForWhatTheyFind() {
        assertThat(names(roots("/*.txt"))).containsExactly("/a.txt", "/b.txt");
        assertThat(names(roots("/{sub,nowhere}/c.*"))).containsExactly("/sub/c.txt");
    }

    @Test
    void aNameWithLettersOfAGlobIsThatNameWhereThereIsOne() throws IOException {
        Files.writeString(directory.resolve("[ab].txt"), "odd");

        assertThat(names(roots("/[ab].txt"))).containsExactly("/[ab].txt");
        Files.delete(directory.resolve("[ab].txt"));
        assertThat(names(roots("/[ab].txt"))).containsExactly("/a.txt", "/b.txt");
    }

    @Test
    void whatIsNamedTwiceIsReadOnce() throws IOException {
        Files.createSymbolicLink(directory.resolve("link.txt"), directory.resolve("a.txt"));
        Files.createSymbolicLink(directory.resolve("linked"), directory.resolve("sub"));

        for (List<String> inputs : List.of(
                List.of("/a.txt", "/a.txt"),
                List.of("/a.txt", "/./a.txt"),
                List.of("/a.txt", "/link.txt"),
                List.of("/a.txt", "/a*"),
                List.of("/sub", "/sub/c.txt"),
                List.of("/sub/c.txt", "/sub"),
                List.of("/sub", "/linked"),
                List.of("/linked", "/sub/c.txt"))) {
            Roots roots = roots(inputs.toArray(String[]::new));

            assertThat(roots.paths()).as(inputs.toString()).hasSize(1);
            assertThat(roots.repeated()).as(inputs.toString()).hasSize(1);
        }
        assertThat(names(roots("/sub/c.txt", "/sub"))).containsExactly("/sub");
        assertThat(names(roots("/a.txt", "/link.txt"))).containsExactly("/a.txt");
        assertThat(roots("/a.txt", "/link.txt").repeated()).containsExactly(directory + "/link.txt");
    }

    @Test
    void aDirectoryThatBeginsWithTheNameOfAnotherDoesNotLieInIt() throws IOException {
        Files.createDirectory(directory.resolve("sub2"));

        assertThat(roots("/sub", "/sub2").repeated()).isEmpty();
    }

    @Test
    void whatIsNotThereIsNamedAsItWasTyped() {
        for (String name : List.of("/nowhere.txt", "/nowhere*")) {
            assertThatThrownBy(() -> roots("/a.txt", name))
                    .isInstanceOf(ClozeException.class)
                    .hasMessage("Cannot read corpus " + directory + name
                            + ": there is no such file or directory; check the path");
        }
    }

    @Test
    void aFileSystemThatNobodyKnowsIsSaid() {
        assertThatThrownBy(() -> Roots.of(List.of("hdsf://host/a.txt"), HADOOP))
                .isInstanceOf(ClozeException.class)
                .hasMessageStartingWith("Cannot read corpus hdsf://host/a.txt: ")
                .hasMessageContaining("did you mean hdfs:?");
        assertThatThrownBy(() -> Roots.of(List.of(""), HADOOP))
                .isInstanceOf(ClozeException.class)
                .hasMessageStartingWith("Cannot read corpus \"\": ");
    }

    @Test
    void directoriesAreThoseThatAre() {
        Roots roots = roots("/a.txt", "/sub", "/t");

        assertThat(roots.directories(HADOOP))
                .extracting(org.apache.hadoop.fs.Path::getName)
                .containsExactly("sub", "t");
    }

    @Test
    void partitionsBelongToTheDirectoryAboveTheFirstOfThem() {
        assertThat(base("/t/lang=*")).isEqualTo("/t");
        assertThat(base("/t/lang=en")).isEqualTo("/t");
        assertThat(base("/t/lang=en/part=1", "/t/lang=fr/part=1/x.txt")).isEqualTo("/t");
        assertThat(base("/t/lang=en/part=1/x.txt")).isEqualTo("/t");
    }

    @Test
    void whatLiesInNoPartitionOrInThoseOfSeveralTablesHasNoBase() throws IOException {
        Files.createDirectories(directory.resolve("u/lang=en"));

        assertThat(roots("/t").base()).isEmpty();
        assertThat(roots("/a.txt", "/sub").base()).isEmpty();
        assertThat(roots("/t/lang=en", "/u/lang=en").base()).isEmpty();
        assertThat(roots("/t/lang=en", "/a.txt").base()).isEmpty();
    }

    private Roots roots(String... inputs) {
        return Roots.of(Arrays.stream(inputs).map(input -> directory + input).toList(), HADOOP);
    }

    private List<String> names(Roots roots) {
        return Arrays.stream(roots.names())
                .map(name -> name.replace("file:" + directory, ""))
                .toList();
    }

    private String base(String... inputs) {
        return roots(inputs).base().orElseThrow().toString().replace("file:" + directory, "");
    }
}
