package dev.cloze.job.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Writes small corpora as files into {@code directory}. */
public record Corpora(Path directory) {
    /** A line of JSON Lines that is no row. */
    public static final String BROKEN = "{broken";

    /** A file of {@code lines}; directories of its {@code name} are made. */
    public Path lines(String name, List<String> lines) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.write(file, lines);
    }

    /** A file of {@code lines}. */
    public Path lines(String name, String... lines) throws IOException {
        return lines(name, List.of(lines));
    }

    /** A file of a line for each number from {@code from} on and below {@code to}. */
    public Path numbered(String name, int from, int to, IntFunction<String> line) throws IOException {
        return lines(name, IntStream.range(from, to).mapToObj(line).toList());
    }

    /** The same of texts that differ in their number only, with a mask in each. */
    public Path numbered(String name, int from, int to) throws IOException {
        return numbered(name, from, to, number -> "number " + number + " is the [MASK] of the list");
    }

    /** JSON Lines with a column {@code text}; {@link #BROKEN} stays as it is. */
    public Path json(String name, String... texts) throws IOException {
        return lines(
                name,
                Arrays.stream(texts)
                        .map(text -> text.equals(BROKEN) ? BROKEN : row(text))
                        .toList());
    }

    /** A line of JSON Lines with a column {@code text}, which needs no escapes. */
    public static String row(String text) {
        return "{\"text\": \"" + text + "\"}";
    }

    /** A table of Parquet with nested columns: an article with a mask, one without, and one without a text. */
    public Path articles() {
        Path articles = directory.resolve("articles");
        Runner.spark()
                .sql("SELECT * FROM VALUES"
                        + " ('a1', 'Paris is the [MASK] of France.', 'en', 7, named_struct('text', array('the [MASK]', 'is big'))),"
                        + " ('a2', 'no mark', 'en', 8, named_struct('text', array('hello')) ),"
                        + " ('a3', NULL, 'fr', 9, NULL)"
                        + " AS t(key, text, lang, n, answers)")
                .coalesce(1)
                .write()
                .parquet(articles.toString());
        return articles;
    }
}
