package dev.cloze.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cloze.failure.ClozeException;
import dev.cloze.importing.TinyBert;
import dev.cloze.mask.LongTexts;
import dev.cloze.model.LanguageModel;
import dev.cloze.text.Document;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FillMaskTest {
    private static final double TOLERANCE = 1e-5;

    private final LanguageModel model = TinyBert.open();

    static Stream<ReferenceCase> answered() {
        return ReferenceCase.read("/dev/cloze/tiny/fill-mask.json").stream().filter(c -> c.error() == null);
    }

    static Stream<ReferenceCase> refused() {
        return ReferenceCase.read("/dev/cloze/tiny/fill-mask.json").stream()
                .filter(c -> c.error() != null && c.error().startsWith("No mask_token"));
    }

    static Stream<ReferenceCase> withoutTargets() {
        return ReferenceCase.read("/dev/cloze/tiny/fill-mask.json").stream()
                .filter(c -> c.error() != null && c.error().startsWith("At least one target"));
    }

    @ParameterizedTest
    @MethodSource("answered")
    void answersLikeThePythonPipeline(ReferenceCase expected) {
        List<FilledMask> masks = score(expected).value().orElseThrow();

        assertThat(masks).hasSameSizeAs(expected.masks());
        for (int m = 0; m < masks.size(); m++) {
            assertSame(masks.get(m).candidates(), expected.masks().get(m));
        }
    }

    @ParameterizedTest
    @MethodSource("refused")
    void rowsWithoutAMaskSayWhy(ReferenceCase expected) {
        Outcome<List<FilledMask>> outcome = score(expected);

        assertThat(outcome.status()).isEqualTo(expected.text().isEmpty() ? Status.EMPTY : Status.NO_MASK);
        assertThat(outcome.error()).isPresent();
    }

    @ParameterizedTest
    @MethodSource("withoutTargets")
    void targetsThatComeToNothingAreRefused(ReferenceCase expected) {
        assertThatThrownBy(() -> targets(expected, new ArrayList<>()))
                .isInstanceOf(ClozeException.class)
                .hasMessageContaining("at least one target must be provided when passed");
    }

    private Outcome<List<FilledMask>> score(ReferenceCase c) {
        FillMask task = new FillMask(c.topK(), targets(c, new ArrayList<>()), LongTexts.WINDOW, c.cleanUp());
        Document document = new Document(c.name(), c.text(), c.second());
        return new Scorer<>(model, task, 512)
                .score(List.of(document).iterator())
                .next();
    }

    private Targets targets(ReferenceCase c, List<String> warnings) {
        return c.targets() == null ? Targets.any() : Targets.firstPieces(c.targets(), model.tokenizer(), warnings::add);
    }

    static void assertSame(List<Candidate> found, List<ReferenceCase.Expected> expected) {
        assertThat(found).hasSameSizeAs(expected);
        for (int i = 0; i < found.size(); i++) {
            assertThat(found.get(i).token()).hasValue(expected.get(i).token());
            assertThat(found.get(i).score()).isCloseTo(expected.get(i).score(), within(TOLERANCE));
            assertThat(found.get(i).tokenText()).isEqualTo(expected.get(i).tokenText());
            assertThat(found.get(i).sequence()).isEqualTo(expected.get(i).sequence());
        }
    }
}
