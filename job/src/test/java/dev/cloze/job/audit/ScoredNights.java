package dev.cloze.job.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Made-up document scores of many nights: {@code news} of 60 and {@code forum} of 30 documents a night. */
final class ScoredNights {
    static final LocalDate FIRST = LocalDate.parse("2026-03-02");

    private ScoredNights() {}

    static LocalDate night(int number) {
        return FIRST.plusDays(number);
    }

    /** The rows of a night; {@code rise} is added to the cross-entropy of every document of {@code news}. */
    static List<String> rows(int number, double rise) {
        Random random = new Random(number);
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < 90; i++) {
            boolean isNews = i < 60;
            int tokens = 20 + random.nextInt(200);
            double crossEntropy = (isNews ? 2.0 + rise : 2.6) + 0.3 * random.nextGaussian();
            rows.add(String.format(
                    Locale.ROOT,
                    "{\"id\": \"%d-%d\", \"date\": \"%s\", \"source\": \"%s\", \"tokens_scored\": %d, \"nll\": %.6f,"
                            + " \"status\": \"ok\"}",
                    number,
                    i,
                    night(number),
                    isNews ? "news" : "forum",
                    tokens,
                    Math.max(0.1, crossEntropy) * tokens));
        }
        return rows;
    }

    /** A file for each of the first {@code nights} nights, as {@code scores/<date>.jsonl}. */
    static Path write(Path directory, int nights) throws IOException {
        Path scores = Files.createDirectories(directory.resolve("scores"));
        for (int i = 0; i < nights; i++) {
            Files.write(scores.resolve(night(i) + ".jsonl"), rows(i, 0));
        }
        return scores;
    }
}
