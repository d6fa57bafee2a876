package dev.cloze.job.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cloze.job.testing.Corpora;
import dev.cloze.job.testing.Runner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Nothing about the run changes a number. */
class InvarianceTest {
    private static final double LAST_DIGITS = 1e-5;
    private static final String WORDS =
            "the capital of france is paris a fashion model hello new role city big they play";

    @TempDir
    static Path directory;

    private static List<String> texts;
    private static Map<String, JsonNode> expected;

    @BeforeAll
    static void scoreOnce() throws IOException {
        Random random = new Random(11);
        String[] words = WORDS.split(" ");
        texts = IntStream.range(0, 400)
                .mapToObj(i -> i + " "
                        + IntStream.range(0, 1 + random.nextInt(80))
                                .mapToObj(w -> random.nextInt(8) == 0 ? "[MASK]" : words[random.nextInt(words.length)])
                                .collect(Collectors.joining(" ")))
                .collect(Collectors.toList());
        expected = score(texts, "--partitions", "1");
    }

    @ParameterizedTest
    @CsvSource({"2,512", "7,512", "1,64", "7,64", "2,4096", "7,4096"})
    void partitionsAndBudgetsChangeOnlyLastDigits(String partitions, String budget) throws IOException {
        assertSame(score(texts, "--partitions", partitions, "--batch-tokens", budget));
    }

    @Test
    void theOrderOfRowsChangesOnlyLastDigits() throws IOException {
        List<String> shuffled = new ArrayList<>(texts);
        Collections.shuffle(shuffled, new Random(5));

        assertSame(score(shuffled, "--partitions", "2"));
    }

    @Test
    void tenThousandRandomByteStringsEachGetAStatus() throws IOException {
        Random random = new Random(17);
        List<byte[]> lines = IntStream.range(0, 10_000)
                .mapToObj(i -> {
                    byte[] line = new byte[random.nextInt(60)];
                    random.nextBytes(line);
                    for (int b = 0; b < line.length; b++) {
                        line[b] = line[b] == '\n' || line[b] == '\r' ? (byte) ' ' : line[b];
                    }
                    return line;
                })
                .toList();
        Path file = directory.resolve("random.txt");
        try (var out = Files.newOutputStream(file)) {
            for (int i = 0; i < lines.size(); i++) {
                out.write(lines.get(i));
                // Every fourth one has a mask, every thousandth is one of the known texts.
                out.write((i % 4 == 0 ? " [MASK]\n" : i % 1000 == 1 ? texts.get(i / 1000) + "\n" : "\n")
                        .getBytes(StandardCharsets.UTF_8));
            }
        }

        List<JsonNode> rows =
                Runner.fillMask("--input", file.toString(), "--json").json();

        assertThat(rows).hasSize(10_000);
        assertThat(rows).extracting(row -> row.path("status").asText()).containsOnly("ok", "no-mask", "empty");
        assertThat(IntStream.range(0, 10_000).filter(i -> i % 4 == 0).mapToObj(rows::get))
                .allMatch(row -> row.path("status").asText().equals("ok"));
    }

    private static Map<String, JsonNode> score(List<String> lines, String... options) throws IOException {
        Path file = new Corpora(directory).lines("texts.txt", lines);
        List<String> arguments = new ArrayList<>(List.of("--input", file.toString(), "--json"));
        Collections.addAll(arguments, options);
        return Runner.fillMask(arguments.toArray(String[]::new)).json().stream()
                .collect(Collectors.toMap(row -> row.path("id").asText(), Function.identity()));
    }

    private static void assertSame(Map<String, JsonNode> found) {
        assertThat(found.keySet()).isEqualTo(expected.keySet());
        expected.forEach((id, row) -> {
            JsonNode other = found.get(id);
            assertThat(other.path("status")).isEqualTo(row.path("status"));
            assertThat(other.path("masks")).hasSameSizeAs(row.path("masks"));
            for (int m = 0; m < row.path("masks").size(); m++) {
                assertSame(other.path("masks").get(m), row.path("masks").get(m));
            }
        });
    }

    private static void assertSame(JsonNode found, JsonNode mask) {
        assertThat(found.path("position")).isEqualTo(mask.path("position"));
        for (int k = 0; k < mask.path("candidates").size(); k++) {
            JsonNode left = found.path("candidates").get(k);
            JsonNode right = mask.path("candidates").get(k);
            assertThat(left.path("token")).isEqualTo(right.path("token"));
            assertThat(left.path("sequence")).isEqualTo(right.path("sequence"));
            assertThat(left.path("score").asDouble())
                    .isCloseTo(right.path("score").asDouble(), within(LAST_DIGITS));
        }
    }
}
