package dev.cloze.job.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cloze.augment.Stopwords;
import dev.cloze.job.testing.Candidates;
import dev.cloze.job.testing.Corpora;
import dev.cloze.job.testing.Runner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Candidates of real models. With {@code -Daugment.prose=FILE} of {@code bench/prose.py … plain}, of all of its sentences.
 */
class AugmentIT {
    /** What stays as it is, said another way than in the program. */
    private static final Pattern UNTOUCHED = Pattern.compile("\\S*(?:://|@)\\S*|\\{[^}]*}|\\S*www\\.\\S*");

    private static final List<Pattern> SCRIPTS = Stream.of("IsLatin", "IsCyrillic", "IsHan")
            .map(script -> Pattern.compile("[\\p{" + script + "}\\p{M}]+"))
            .toList();

    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{M}]+");

    @TempDir
    Path directory;

    private static final List<String> SENTENCES = List.of(
            "The Senate and the House of Representatives met in WASHINGTON to hear the report of the President.",
            "Dear {first_name}, please write to help@example.org or visit https://example.org/a?b=c before Monday.",
            "He didn't believe that the café's owner, a well-known cook, had paid 1,200 dollars for the old piano.",
            "A   second  sentence\twith odd   spacing, \"quotes\" and an emoji \ud83d\ude00 stays exactly as it is.",
            "O presidente do Brasil visitou a cidade de São Paulo e falou com os jornalistas sobre a economia.",
            "Президент подписал новый закон, and 中国的首都是北京 is what he said about the economy of Москва.",
            "Unbelievably, the antidisestablishmentarian movement grew quickly across the whole country.");

    private static List<String> sentences() {
        String prose = System.getProperty("augment.prose", "");
        if (prose.isEmpty()) {
            return SENTENCES;
        }
        try {
            List<String> texts = new ArrayList<>(SENTENCES);
            for (String line : Files.readAllLines(Path.of(prose))) {
                texts.add(new ObjectMapper().readTree(line).path("text").asText());
            }
            return texts;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "bert-base-uncased, en, replace, 1",
        "bert-base-uncased, en, insert, 1",
        "bert-base-uncased, en, replace, 1..3",
        "bert-base-multilingual-cased, pt, replace, 1",
        "bert-base-multilingual-cased, pt, insert, 1",
        "bert-base-multilingual-cased, pt, replace, 1..3"
    })
    void noCandidateViolatesAFilter(String model, String language, String action, String pieces) throws IOException {
        List<String> sentences = sentences();
        Path input = new Corpora(directory).lines("texts.txt", sentences);
        Set<String> stopwords = Stopwords.of(List.of(language));

        List<JsonNode> rows = augment(
                model,
                "--input",
                input.toString(),
                "--json",
                "--variants",
                "4",
                "--action",
                action,
                "--pieces",
                pieces,
                "--stopwords",
                language,
                "--min-length",
                "3",
                "--ignore",
                ".*ing",
                "--share",
                "0.2",
                "--top-k",
                "30");

        Map<String, Set<String>> texts = new HashMap<>();
        for (JsonNode row : rows) {
            assertThat(row.path("status").asText()).as(row.toString()).isIn("ok", "few-variants", "no-candidate");
            if (row.path("status").asText().equals("ok")) {
                String original = undone(row);
                assertThat(sentences).contains(original);
                assertThat(texts.computeIfAbsent(original, key -> new HashSet<>())
                                .add(row.path("text").asText()))
                        .isTrue();
                assertFiltered(row, original, stopwords);
            }
        }
        assertThat(rows)
                .filteredOn(row -> row.path("status").asText().equals("ok"))
                .hasSizeGreaterThan(sentences.size() * 3);
    }

    private static String undone(JsonNode row) {
        String text = row.path("text").asText();
        StringBuilder original = new StringBuilder();
        int read = 0;
        int written = 0;
        for (JsonNode edit : row.path("edits")) {
            int at = read + edit.path("start").asInt() - written;
            original.append(text, read, at).append(edit.path("original").asText());
            read = at + edit.path("replacement").asText().length();
            written = edit.path("end").asInt();
        }
        return original.append(text.substring(read)).toString();
    }

    private static void assertFiltered(JsonNode row, String original, Set<String> stopwords) {
        assertThat(row.path("edits")).isNotEmpty();
        assertThat(row.path("text").asText()).doesNotContain("##", "[MASK]", "[UNK]", "[unused", "[CLS]", "[SEP]");
        Set<Integer> untouched = new HashSet<>();
        for (Matcher matcher = UNTOUCHED.matcher(original); matcher.find(); ) {
            for (int i = matcher.start(); i < matcher.end(); i++) {
                untouched.add(i);
            }
        }
        for (JsonNode edit : row.path("edits")) {
            String before = edit.path("original").asText();
            String after = edit.path("replacement").asText().strip();
            assertThat(untouched).doesNotContain(edit.path("start").asInt());
            assertThat(after).matches(WORD).isNotEqualToIgnoringCase(before);
            for (String word : before.isEmpty() ? List.of(after) : List.of(before, after)) {
                assertThat(word.codePointCount(0, word.length()))
                        .as(row.toString())
                        .isGreaterThanOrEqualTo(3);
                assertThat(stopwords).as(row.toString()).doesNotContain(word.toLowerCase(Locale.ROOT));
                assertThat(word).doesNotEndWith("ing");
            }
            for (Pattern script : SCRIPTS) {
                if (script.matcher(before).matches()) {
                    assertThat(after).matches(script);
                }
            }
            assertThat(edit.path("probability").asDouble()).isBetween(0.0, 1.0);
            assertThat(edit.path("rank").asInt()).isBetween(1, 2 * 30 + 64);
            if (!before.isEmpty() && before.equals(before.toLowerCase(Locale.ROOT))) {
                assertThat(after).isEqualTo(after.toLowerCase(Locale.ROOT));
            } else if (before.length() > 1 && before.equals(before.toUpperCase(Locale.ROOT))) {
                assertThat(after).isEqualTo(after.toUpperCase(Locale.ROOT));
            }
        }
    }

    /** The vectors are those of {@code cloze embed}. */
    @Test
    void aCandidateIsAsSimilarAsIsAskedFor() {
        String sentence = "The capital of France is a beautiful old city.";
        double least = 0.9;

        List<JsonNode> rows = augment(
                "bert-base-uncased",
                "--text",
                sentence,
                "--json",
                "--variants",
                "8",
                "--min-similarity",
                "" + least,
                "--score-candidates",
                "--stopwords",
                "en");

        List<JsonNode> candidates = rows.stream()
                .filter(row -> row.path("status").asText().equals("ok"))
                .toList();
        assertThat(candidates).isNotEmpty().allMatch(row -> row.path("pll_change")
                .isDouble());
        List<String> args = new ArrayList<>(List.of(
                "embed",
                "--model",
                "bert-base-uncased",
                "--cache",
                Runner.MODEL_CACHE.toString(),
                "--json",
                "--text",
                sentence));
        candidates.forEach(row -> args.addAll(List.of("--text", row.path("text").asText())));
        List<JsonNode> vectors = Runner.run(args.toArray(String[]::new)).json();
        for (int i = 1; i < vectors.size(); i++) {
            assertThat(cosine(vectors.get(0).path("vector"), vectors.get(i).path("vector")))
                    .isGreaterThan(least - 1e-4);
        }
    }

    private static double cosine(JsonNode one, JsonNode other) {
        double product = 0;
        double ones = 0;
        double others = 0;
        for (int i = 0; i < one.size(); i++) {
            product += one.get(i).asDouble() * other.get(i).asDouble();
            ones += one.get(i).asDouble() * one.get(i).asDouble();
            others += other.get(i).asDouble() * other.get(i).asDouble();
        }
        return product / Math.sqrt(ones * others);
    }

    private static List<JsonNode> augment(String model, String... args) {
        List<String> all =
                new ArrayList<>(List.of("augment", "--model", model, "--cache", Runner.MODEL_CACHE.toString()));
        all.addAll(List.of(Candidates.ofAnyWord(args)));
        Runner.Result result = Runner.run(all.toArray(String[]::new));
        assertThat(result.code()).as(result.err()).isZero();
        return result.json();
    }
}
