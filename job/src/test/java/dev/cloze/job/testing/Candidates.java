package dev.cloze.job.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cloze.job.testing.Runner.Result;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What {@code cloze augment} made, and texts to make it of. */
public final class Candidates {
    private static final String[] WORDS =
            "the Capital of France is Paris good model hello new role CITY big they play".split(" ");

    /** The tiny model knows few words, and none of them well. */
    private static final List<String> ANY_WORD =
            List.of("--stopwords=none", "--names=replace", "--allow-repeats", "--min-probability=0");

    private Candidates() {}

    /** {@code args}, and that all words take part as far as they do not say otherwise. */
    public static String[] ofAnyWord(String... args) {
        List<String> all = new ArrayList<>(List.of(args));
        ANY_WORD.stream()
                .filter(option -> Arrays.stream(args).noneMatch(arg -> arg.startsWith(option.split("=")[0])))
                .forEach(all::add);
        return all.toArray(String[]::new);
    }

    /** Texts of words that the tiny model knows, all different; some are longer than it reads. */
    public static List<String> texts(int count) {
        Random random = new Random(31);
        return IntStream.range(0, count)
                .mapToObj(i -> i + ". "
                        + IntStream.range(0, 3 + random.nextInt(i % 40 == 0 ? 120 : 20))
                                .mapToObj(w -> WORDS[random.nextInt(WORDS.length)])
                                .collect(Collectors.joining(" ")))
                .collect(Collectors.toCollection(ArrayList::new));
    }

    /** Rows that a run printed, by their id and variant. */
    public static Map<String, JsonNode> of(Result result) {
        assertThat(result.code()).as(result.err()).isZero();
        return result.json().stream()
                .collect(Collectors.toMap(
                        row -> row.path("id").asText() + " "
                                + row.path("variant").asText(),
                        row -> row,
                        (one, other) -> {
                            throw new AssertionError("Twice: " + one);
                        },
                        TreeMap::new));
    }

    /** Figures may differ in their last digits, nothing else may. */
    public static void assertSame(Map<String, JsonNode> found, Map<String, JsonNode> expected) {
        assertThat(found.keySet()).isEqualTo(expected.keySet());
        expected.forEach((key, row) -> assertThat(row.equals(Candidates::compare, found.get(key)))
                .as("%s is %s", found.get(key), row)
                .isTrue());
    }

    private static int compare(JsonNode left, JsonNode right) {
        boolean close = left.isDouble()
                && right.isDouble()
                && Math.abs(left.asDouble() - right.asDouble()) <= Math.abs(left.asDouble()) * 1e-4 + 1e-6;
        return close || left.equals(right) ? 0 : 1;
    }
}
