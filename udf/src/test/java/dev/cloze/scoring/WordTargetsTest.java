package dev.cloze.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.cloze.importing.TinyBert;
import dev.cloze.mask.LongTexts;
import dev.cloze.model.LanguageModel;
import dev.cloze.text.Document;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WordTargetsTest {
    private final LanguageModel model = TinyBert.open();

    record Case(String name, String text, String pair, List<String> targets, List<List<Expected>> masks) {
        @Override
        public String toString() {
            return name;
        }
    }

    record Expected(String target, List<Long> pieces, double score) {}

    static Stream<Case> cases() {
        // transformers scores a word that it cannot spell as [UNK]; here it is refused, see below.
        return ReferenceCase.read("/dev/cloze/tiny/word-targets.json", new TypeReference<List<Case>>() {}).stream()
                .filter(c -> !c.targets.contains("§"));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void wholeWordsAreScoredLeftToRight(Case c) {
        List<FilledMask> masks = score(c.text, c.pair, c.targets);

        assertThat(masks).hasSameSizeAs(c.masks);
        for (int m = 0; m < masks.size(); m++) {
            List<Candidate> found = masks.get(m).candidates();
            List<Expected> expected = c.masks.get(m);
            assertThat(found)
                    .extracting(Candidate::tokenText)
                    .containsExactlyElementsOf(
                            expected.stream().map(Expected::target).toList());
            for (int i = 0; i < found.size(); i++) {
                assertThat(Math.log(found.get(i).score())).isCloseTo(expected.get(i).score, within(1e-5));
                assertThat(found.get(i).token().isPresent())
                        .isEqualTo(expected.get(i).pieces.size() == 1);
            }
        }
    }

    @Test
    void theSequenceShowsTheWholeWord() {
        List<FilledMask> masks = score("The capital of France is [MASK].", null, List.of("cyborg"));

        assertThat(masks.get(0).candidates().get(0).sequence()).isEqualTo("the capital of france is cyborg.");
    }

    @Test
    void aWordThatCannotBeSpelledIsRefusedByName() {
        assertThatThrownBy(() -> Targets.words(List.of("paris", "☃"), model.tokenizer()))
                .hasMessage("Cannot use the targets \"☃\": the model's vocabulary cannot spell them; leave them out");
    }

    @Test
    void aWordOfManyPiecesFitsIntoADocumentThatFillsTheModel() {
        String text = "[MASK] " + "a ".repeat(TinyBert.POSITIONS - 3);

        List<FilledMask> masks = score(text, null, List.of("cyborg", "a"));

        assertThat(masks.get(0).candidates()).hasSize(2);
    }

    private List<FilledMask> score(String text, String pair, List<String> targets) {
        FillMask task =
                new FillMask(targets.size(), Targets.words(targets, model.tokenizer()), LongTexts.WINDOW, false);
        Document document = new Document("1", text, Optional.ofNullable(pair));
        return new Scorer<>(model, task, 512)
                .score(List.of(document).iterator())
                .next()
                .value()
                .orElseThrow();
    }
}
