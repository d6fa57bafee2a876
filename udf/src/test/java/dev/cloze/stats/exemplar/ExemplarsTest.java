package dev.cloze.stats.exemplar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cloze.stats.exemplar.Exemplars.Exemplar;
import dev.cloze.stats.exemplar.Exemplars.Kind;
import dev.cloze.stats.judge.Decomposition;
import dev.cloze.stats.judge.Decomposition.Tokens;
import dev.cloze.stats.judge.Share;
import dev.cloze.stats.night.Histogram;
import dev.cloze.stats.night.Slice;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Which documents are shown for a change. */
class ExemplarsTest {
    private static final String REPORT =
            "The committee met on 12 May and approved the budget of the harbour for the coming year by nine votes to %s";

    private static Candidate candidate(String id, double crossEntropy, double excess, String text) {
        return new Candidate(
                Optional.of(id), 10, crossEntropy, excess, crossEntropy - 2, List.of(), Optional.of(text), List.of());
    }

    private static List<String> ids(List<Exemplar> exemplars, Kind kind) {
        return exemplars.stream()
                .filter(each -> each.kind() == kind)
                .map(each -> each.document().id().orElseThrow())
                .toList();
    }

    /** A text that has nothing in common with others. */
    private static String other(int number) {
        Random random = new Random(number);
        StringBuilder text = new StringBuilder();
        random.ints(20, 'a', 'z')
                .forEach(letter ->
                        text.append((char) letter).append(random.nextInt(9)).append("x "));
        return text.toString();
    }

    @Test
    void theLargestGroupOfNearDuplicatesIsShownOnceByItsMemberInTheMiddle() {
        List<Candidate> candidates = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            candidates.add(candidate("report-" + i, 3 + 0.1 * i, 1, String.format(REPORT, i)));
        }
        candidates.add(candidate("hard", 9, 1, other(1)));
        candidates.add(candidate("medium", 3.5, 1, other(2)));
        candidates.add(candidate("harder", 11, 1, other(3)));
        candidates.add(candidate("easy", 2.9, 1, other(4)));
        candidates.add(candidate("usual", 3.6, 1, other(5)));
        List<Exemplar> exemplars = Exemplars.of(candidates);
        assertThat(exemplars.get(0).alike()).isEqualTo(9);
        assertThat(ids(exemplars, Kind.TYPICAL)).containsExactly("report-4", "medium", "usual");
        assertThat(ids(exemplars, Kind.EXTREME)).containsExactly("harder", "hard");
        assertThat(exemplars.subList(1, 5)).allMatch(each -> each.alike() == 1);
    }

    @Test
    void documentsThatWouldProbablyBeThereAnywayAreNotShown() {
        List<Candidate> candidates = List.of(
                candidate("old", 8, 0.2, other(1)),
                candidate("new", 3, 0.9, other(2)),
                candidate("usual", 2.1, 0, other(3)));
        assertThat(ids(Exemplars.of(candidates), Kind.TYPICAL)).containsExactly("new");
        assertThat(Exemplars.of(candidates.subList(0, 1))).hasSize(1);
        assertThat(Exemplars.of(List.of())).isEmpty();
    }

    @Test
    void documentsWithoutTextsAreShownOneByOne() {
        List<Candidate> candidates = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            candidates.add(new Candidate(Optional.empty(), 5, i, 1, i, List.of(), Optional.empty(), List.of()));
        }
        assertThat(Exemplars.of(candidates)).hasSize(5).allMatch(each -> each.alike() == 1);
    }

    @Test
    void textsAreAlikeWhenSevenOfTenOfTheirShinglesAreCommon() {
        Shingles one = Shingles.of("a b c d e f g h i j k l m");
        assertThat(one.hashes()).hasSize(9);
        // Eight of nine runs of five words are common, so eight of ten of both.
        assertThat(one.areAlike(Shingles.of("A b, c d e f g h i j k l -- x"), 0.8))
                .isTrue();
        assertThat(one.areAlike(Shingles.of("A b, c d e f g h i j k l -- x"), 0.81))
                .isFalse();
        assertThat(Shingles.of("on 12 May at 9 we met the whole committee again")
                        .areAlike(Shingles.of("on 34 May at 7 we met the whole committee again"), 1))
                .as("digits are equal")
                .isTrue();
        assertThat(Shingles.of("short one").areAlike(Shingles.of("short onE"), 1))
                .isTrue();
        assertThat(Shingles.of("short one").areAlike(Shingles.of("another"), 0.7))
                .isFalse();
        assertThat(Shingles.of("").areAlike(Shingles.of("   "), 1)).isTrue();
    }

    @Test
    void aThousandTextsThatAreNearlyAlikeAreComparedQuickly() {
        List<Candidate> candidates = new ArrayList<>();
        String page = "word ".repeat(400);
        for (int i = 0; i < 1_000; i++) {
            candidates.add(candidate("page-" + i, 3, 1, page + i % 7 + page));
        }
        assertThat(Exemplars.of(candidates).get(0).alike()).isEqualTo(1_000);
    }

    @Test
    void aDocumentInABinThatNeverHadOneIsThereBecauseOfTheChange() {
        Histogram usual = Histogram.of(100, 10, 20, 30, 20, 10);
        Histogram tonight = Histogram.of(100, 10, 20, 30, 20, 10, 0, 0, 0, 0, 9);
        Excess excess = Excess.of(usual, tonight);
        assertThat(excess.of(109 * Histogram.WIDTH + 0.01)).isEqualTo(1);
        assertThat(excess.of(102 * Histogram.WIDTH + 0.01)).isZero();
        assertThat(excess.of(0.5)).isZero();
        // (3·10 + 2·10 + 1·10)/9 of 90 documents usually, (3·40 + 2·10 + 1·10)/9 of 120 tonight.
        Excess more = Excess.of(Histogram.of(100, 10, 10, 10, 60), Histogram.of(100, 40, 10, 10, 60));
        assertThat(more.of(100 * Histogram.WIDTH + 0.01)).isCloseTo(1 - 60 / 90.0 / (150 / 120.0), within(1e-12));
        assertThat(Excess.of(Histogram.EMPTY, tonight).of(102 * Histogram.WIDTH + 0.01))
                .isEqualTo(1);
    }

    @Test
    void whatDocumentsAddIsWhatTheirSliceAddsFromWithin() {
        Random random = new Random(7);
        for (int i = 0; i < 100; i++) {
            double tokens = 0;
            double nll = 0;
            List<double[]> documents = new ArrayList<>();
            for (int d = 0; d < 50; d++) {
                double[] document = {1 + random.nextInt(300), 900 * random.nextDouble()};
                documents.add(document);
                tokens += document[0];
                nll += document[1];
            }
            Slice slice = Slice.of("forum");
            Slice other = Slice.of("news");
            Map<Slice, Tokens> before = Map.of(slice, new Tokens(4_000, 9_000), other, new Tokens(70_000, 140_000));
            Map<Slice, Tokens> now = Map.of(slice, new Tokens(tokens, nll), other, new Tokens(60_000, 150_000));
            Share share = Decomposition.of(before, now).slices().stream()
                    .filter(each -> each.slice().equals(slice))
                    .findFirst()
                    .orElseThrow();
            Impact impact = Impact.of(share, tokens + 60_000);
            double sum = documents.stream()
                    .mapToDouble(each -> impact.of((long) each[0], each[1]))
                    .sum();
            assertThat(sum).isCloseTo(share.within(), within(1e-12));
        }
    }
}
