package dev.cloze.job.summary;

import static dev.cloze.job.testing.Runner.perplexity;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.bundle.Directories;
import dev.cloze.job.testing.Corpora;
import dev.cloze.job.testing.Runner.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Outputs that are merged add up to the same in any order, or are refused in any order. */
class MergedRunsTest {
    @TempDir
    Path directory;

    @Test
    void aRunThatWasRefreshedAfterItWasMergedIsRefusedInAnyOrder() throws IOException {
        score("a", 50);
        score("b", 40, "a");
        append("a", 10);
        score("a", 0, "--refresh");

        for (List<String> order : List.of(List.of("a", "b"), List.of("b", "a"))) {
            Result refused = merge("c", order);

            assertThat(refused.code()).isEqualTo(2);
            assertThat(refused.err())
                    .contains("Cannot merge " + place("a") + " and " + place("b") + ": both have states of the run ")
                    .contains("60 documents in " + place("a") + ", 50 documents in " + place("b"))
                    .contains("; run the command again whose --output has the older states");
            assertThat(directory.resolve("c")).doesNotExist();
        }

        score("b", 0, "a");
        for (List<String> order : List.of(List.of("a", "b"), List.of("b", "a"))) {
            assertThat(documents(merge("c" + order.get(0), order))).isEqualTo(60 + 40 + 1);
        }
    }

    @Test
    void whatAMergedOutputHasOfThisRunIsNotAddedToIt() throws IOException {
        score("a", 9);
        score("b", 5, "a");

        Result again = perplexity(
                "--input", directory.resolve("a.jsonl").toString(), "--output", place("a"), "--merge", place("b"));

        assertThat(documents(again)).isEqualTo(9 + 5);
    }

    @Test
    void aChangedWordIsAnotherState() throws IOException {
        score("a", 12);
        score("b", 5, "a");
        Path corpus = directory.resolve("a.jsonl");
        Files.writeString(corpus, Files.readString(corpus).replaceFirst("capital", "city"));
        score("a", 0, "--refresh");

        assertThat(merge("c", List.of("b", "a")).code()).isEqualTo(2);
        assertThat(merge("c", List.of("a", "b")).code()).isEqualTo(2);
    }

    @Test
    void statesOfCoarserGroupsAreComparedInTheGroupsOfBoth() throws IOException {
        write("a", 30);
        score("a", 0, "--group-by", "source,lang");
        score("b", 20, "a", "--group-by", "source");

        assertThat(documents(merge("c", List.of("a", "b"), "--group-by", "source")))
                .isEqualTo(51);
        append("a", 3);
        score("a", 0, "--group-by", "source,lang", "--refresh");
        assertThat(merge("d", List.of("a", "b"), "--group-by", "source").code()).isEqualTo(2);
        assertThat(merge("d", List.of("b", "a"), "--group-by", "source").code()).isEqualTo(2);
    }

    /** Nights that merge any earlier ones; the sum of all documents is known, in whatever order and however often they come. */
    @Test
    void chainsOfRunsAddUpInAnyOrder() throws IOException {
        Random random = new Random(12);
        int[] documents = {7, 11, 13, 17};
        List<String> nights = new ArrayList<>();
        for (int night = 0; night < documents.length; night++) {
            List<String> more = new ArrayList<>();
            for (String earlier : nights) {
                if (random.nextBoolean()) {
                    more.add(earlier);
                }
            }
            Collections.shuffle(more, random);
            score("night" + night, documents[night], more.toArray(String[]::new));
            nights.add("night" + night);
        }
        String summary = null;
        for (int order = 0; order < 3; order++) {
            Collections.shuffle(nights, random);
            Result all = merge("all", nights);

            assertThat(documents(all)).isEqualTo(Arrays.stream(documents).sum() + 1L);
            String found = Files.readString(directory.resolve("all/_summary.json"));
            assertThat(summary == null ? found : summary).isEqualTo(found);
            summary = found;
        }
    }

    @Test
    void theSameDocumentsUnderAnotherRunAreSaid() throws IOException {
        score("a", 20);
        score("again", 20);
        Files.copy(directory.resolve("a.jsonl"), directory.resolve("other.jsonl"));

        for (List<String> order : List.of(List.of("a", "again"), List.of("again", "a"))) {
            Result merged = merge("c" + order.get(0), order);

            assertThat(merged.err())
                    .containsPattern("the run \\S+ in \\S+ and the run \\S+ in \\S+ have the same figures:"
                            + " if their documents are the same, they count twice");
            assertThat(documents(merged)).isEqualTo(41);
        }
        Result own = perplexity(
                "--input",
                directory.resolve("other.jsonl").toString(),
                "--merge",
                place("a"),
                "--output",
                place("own"));
        assertThat(own.err()).containsPattern("this run and the run|and this run have the same figures");
        score("x", 3);
        score("y", 4);
        assertThat(merge("z", List.of("x", "y")).err()).doesNotContain("the same figures");
    }

    @Test
    void aCopyOfAnOutputCountsOnce() throws IOException {
        score("a", 9);
        copy(directory.resolve("a"), directory.resolve("copy"));

        assertThat(documents(merge("c", List.of("a", "copy")))).isEqualTo(10);
        assertThat(merge("d", List.of("copy", "a")).err()).doesNotContain("the same figures");
    }

    private static void copy(Path from, Path to) throws IOException {
        Directories.delete(to);
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }

    private String place(String name) {
        return directory.resolve(name).toString();
    }

    /** Merges {@code names} into a run of one document. */
    private Result merge(String name, List<String> names, String... more) throws IOException {
        Path one = new Corpora(directory).lines("one.jsonl", line("one", 0));
        List<String> args = new ArrayList<>(List.of("--input", one.toString(), "--output", place(name), "--overwrite"));
        names.forEach(earlier -> args.addAll(List.of("--merge", place(earlier))));
        args.addAll(List.of(more));
        return perplexity(args.toArray(String[]::new));
    }

    private static long documents(Result result) {
        assertThat(result.code()).as(result.err()).isZero();
        return result.out()
                .lines()
                .filter(line -> line.matches("documents +\\d+"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .sum();
    }

    /** Scores {@code count} new documents, or those that are there; {@code more} are names to merge, and options. */
    private void score(String name, int count, String... more) throws IOException {
        if (count > 0) {
            write(name, count);
        }
        List<String> args = new ArrayList<>(
                List.of("--input", directory.resolve(name + ".jsonl").toString(), "--output", place(name)));
        boolean option = false;
        for (String each : more) {
            option |= each.startsWith("--");
            args.addAll(option ? List.of(each) : List.of("--merge", place(each)));
        }
        Result result = perplexity(args.toArray(String[]::new));
        assertThat(result.code()).as(result.err()).isZero();
    }

    private void write(String name, int count) throws IOException {
        new Corpora(directory).numbered(name + ".jsonl", 0, count, i -> line(name, i));
    }

    private void append(String name, int count) throws IOException {
        Path file = directory.resolve(name + ".jsonl");
        List<String> lines = new ArrayList<>(Files.readAllLines(file));
        IntStream.range(0, count).forEach(i -> lines.add(line(name, 1000 + i)));
        Files.write(file, lines);
    }

    private static String line(String name, int number) {
        return "{\"text\": \"" + "the capital of france is paris ".repeat(1 + (number + name.hashCode() % 5 + 5) % 4)
                + number + "\", \"source\": \"s" + number % 2 + "\", \"lang\": \"l" + number % 3 + "\"}";
    }
}
