package dev.cloze.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cloze.importing.TinyBert;
import dev.cloze.mask.LongTexts;
import dev.cloze.model.LanguageModel;
import dev.cloze.text.Document;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class LongTextsTest {
    private static final int CONTENT = TinyBert.POSITIONS - 2;

    private final LanguageModel model = TinyBert.open();

    @Test
    void aMaskIsSeenFromTheMiddleOfItsWindow() {
        List<String> words = words(200);
        words.set(100, "[MASK]");
        String seen = String.join(" ", words.subList(100 - CONTENT / 2, 100 + CONTENT / 2));

        assertSameScores(score(String.join(" ", words), LongTexts.WINDOW), score(seen, LongTexts.FAIL));
    }

    @Test
    void nearTheEndTheWindowStopsAtTheEnd() {
        List<String> words = words(200);
        words.set(197, "[MASK]");
        String seen = String.join(" ", words.subList(200 - CONTENT, 200));

        assertSameScores(score(String.join(" ", words), LongTexts.WINDOW), score(seen, LongTexts.FAIL));
    }

    @Test
    void everyMaskOfALongTextIsFilledOnceInTheOrderOfTheText() {
        List<String> words = words(300);
        for (int i = 0; i < 300; i += 7) {
            words.set(i, "[MASK]");
        }

        List<FilledMask> masks =
                score(String.join(" ", words), LongTexts.WINDOW).value().orElseThrow();

        assertThat(masks).hasSize(43);
        assertThat(masks).extracting(FilledMask::position).isSorted().doesNotHaveDuplicates();
        assertThat(masks).allMatch(mask -> mask.candidates().size() == 5);
    }

    @Test
    void moreMasksThanTheModelReadsAreAllFilled() {
        List<FilledMask> masks =
                score("[MASK] ".repeat(150), LongTexts.WINDOW).value().orElseThrow();

        assertThat(masks).hasSize(150);
    }

    @Test
    void truncationCutsTheEndAsThePythonTokenizersDo() {
        List<String> words = words(200);
        words.set(3, "[MASK]");
        String beginning = String.join(" ", words.subList(0, CONTENT));

        assertSameScores(score(String.join(" ", words), LongTexts.TRUNCATE), score(beginning, LongTexts.FAIL));
    }

    @Test
    void aMaskThatTruncationCutOffIsMissed() {
        List<String> words = words(200);
        words.set(150, "[MASK]");

        Outcome<List<FilledMask>> outcome = score(String.join(" ", words), LongTexts.TRUNCATE);

        assertThat(outcome.status()).isEqualTo(Status.NO_MASK);
        assertThat(outcome.error())
                .hasValue("Cannot fill masks: there is no mask in the first 64 tokens of the text; write [MASK] where a"
                        + " word is missing");
    }

    @Test
    void failSaysHowLongTheTextIs() {
        Outcome<List<FilledMask>> outcome = score("[MASK] " + "a ".repeat(99), LongTexts.FAIL);

        assertThat(outcome.status()).isEqualTo(Status.TOO_LONG);
        assertThat(outcome.error())
                .hasValue("Cannot fill masks: the text has 102 tokens, the model reads 64; use --long window or --long"
                        + " truncate");
    }

    private static List<String> words(int count) {
        List<String> vocabulary =
                List.of("the", "capital", "of", "france", "is", "paris", "a", "model", "hello", "new");
        List<String> words = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            words.add(vocabulary.get((i * i + i / 3) % vocabulary.size()));
        }
        return words;
    }

    private Outcome<List<FilledMask>> score(String text, LongTexts longTexts) {
        FillMask task = new FillMask(5, Targets.any(), longTexts, false);
        return new Scorer<>(model, task, 512)
                .score(Collections.singletonList(Document.of("1", text)).iterator())
                .next();
    }

    private static void assertSameScores(Outcome<List<FilledMask>> found, Outcome<List<FilledMask>> expected) {
        List<Candidate> left = found.value().orElseThrow().get(0).candidates();
        List<Candidate> right = expected.value().orElseThrow().get(0).candidates();
        for (int i = 0; i < right.size(); i++) {
            assertThat(left.get(i).token()).isEqualTo(right.get(i).token());
            assertThat(left.get(i).score()).isCloseTo(right.get(i).score(), within(1e-6));
        }
    }
}
