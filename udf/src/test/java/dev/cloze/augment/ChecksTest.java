package dev.cloze.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cloze.augment.Checks.Figures;
import dev.cloze.batch.Batch;
import dev.cloze.failure.ClozeException;
import dev.cloze.importing.TinyBert;
import dev.cloze.mask.LongTexts;
import dev.cloze.model.LanguageModel;
import dev.cloze.model.Network;
import dev.cloze.model.Prediction;
import dev.cloze.scoring.DocumentScore;
import dev.cloze.scoring.PseudoLogLikelihood;
import dev.cloze.scoring.PseudoLogLikelihood.Hidden;
import dev.cloze.scoring.Scorer;
import dev.cloze.text.Document;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What candidates must pass as a whole, and what is measured of them. */
class ChecksTest {
    private static final String TEXT = "paris is a city";

    private static Checks checks(OptionalDouble similarity, String... names) {
        return Checks.of(List.of(names), similarity, Figures.NONE);
    }

    @Test
    void aCheckThatIsInstalledTurnsCandidatesDown() {
        Augment task = Tasks.with(Tasks.with(Tasks.usual(), Tasks.DRAW), Tasks.variants(9));
        AnsweringNetwork network = AnsweringNetwork.saying("berlin 0.9 london 0.1");

        Rewrites free = rewrites(network.model(), Optional.empty(), task);
        Rewrites checked = rewrites(
                network.model(), Optional.empty(), Tasks.with(task, checks(OptionalDouble.empty(), "no-berlin")));

        assertThat(Checks.installed()).containsOnlyKeys("no-berlin");
        assertThat(free.all()).anyMatch(rewrite -> rewrite.text().contains("berlin"));
        assertThat(checked.all()).isNotEmpty().allMatch(rewrite -> rewrite.text()
                .contains("london"));
        assertThat(checked.shortfall().orElseThrow().reason()).containsPattern("\\d+ failed no-berlin");
    }

    /** Also called no-berlin. */
    public static final class Twin implements SentenceCheck {
        @Override
        public String name() {
            return new NoBerlin().name();
        }

        @Override
        public boolean accepts(Sentences sentences) {
            return true;
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'dev.cloze.augment.ChecksTest$Twin', 'ChecksTest$Twin and dev.cloze.augment.NoBerlin are both called no-berlin'",
        "own.Gone, Provider own.Gone not found"
    })
    void checksThatCannotBeLoadedAreNamed(String line, String why, @TempDir Path directory) throws IOException {
        Path services = Files.createDirectories(directory.resolve("META-INF/services"));
        Files.writeString(services.resolve(SentenceCheck.class.getName()), line);
        URL[] places = {directory.toUri().toURL()};

        try (URLClassLoader loader = new URLClassLoader(places, ChecksTest.class.getClassLoader())) {
            assertThatThrownBy(() -> Checks.installed(loader))
                    .isInstanceOf(ClozeException.class)
                    .hasMessageStartingWith("Cannot load the checks of --jars: ")
                    .hasMessageContaining(why)
                    .hasMessageEndingWith("; correct META-INF/services/dev.cloze.augment.SentenceCheck");
        }
    }

    /** Vectors are (1, 0), of "river" (0, 1): a text of six tokens with one river is at (5, 1), its cosine 5 / sqrt(26). */
    @Test
    void aCandidateTooFarFromTheOriginalIsDropped() {
        AnsweringNetwork network = AnsweringNetwork.saying("river 0.5 london 0.25");
        Augment task = Tasks.with(Tasks.usual(), checks(OptionalDouble.of(0.981)));
        Network features = new Directions();

        assertThat(5 / Math.sqrt(26)).isCloseTo(0.98058, within(1e-5));
        assertThat(rewrites(network.model(), Optional.of(features), task).all()).isEmpty();
        assertThat(rewrites(network.model(), Optional.of(features), task)
                        .shortfall()
                        .orElseThrow()
                        .reason())
                .contains("failed --min-similarity");
        assertThat(rewrites(network.model(), Optional.of(features), Tasks.with(task, checks(OptionalDouble.of(0.980))))
                        .all())
                .hasSize(1)
                .allMatch(rewrite -> rewrite.text().contains("river"));
        Augment drawing = Tasks.with(Tasks.with(task, Tasks.DRAW), Tasks.variants(10));
        assertThat(rewrites(network.model(), Optional.of(features), drawing).all())
                .isNotEmpty()
                .allMatch(rewrite -> rewrite.text().contains("london"));
    }

    @Test
    void theChangeIsThatOfThePseudoLogLikelihood() {
        LanguageModel tiny = TinyBert.open();
        Checks scored = Checks.of(List.of(), OptionalDouble.empty(), Figures.PLL_CHANGE);
        Augment task = Tasks.with(Tasks.with(Tasks.usual(), scored), Tasks.variants(2));

        List<Rewrite> all = rewrites(tiny, Optional.empty(), task).all();

        assertThat(all).hasSize(2);
        assertThat(all).allSatisfy(rewrite -> assertThat(rewrite.pllChange().orElseThrow())
                .isCloseTo(pll(tiny, rewrite.text()) - pll(tiny, TEXT), within(1e-4)));
        assertThat(rewrites(tiny, Optional.empty(), Tasks.usual()).all().get(0).pllChange())
                .isEmpty();
    }

    private static double pll(LanguageModel model, String text) {
        DocumentScore score = new Scorer<>(model, new PseudoLogLikelihood(Hidden.TOKEN, LongTexts.WINDOW), 512)
                .score(List.of(Document.of("1", text)).iterator())
                .next()
                .value()
                .orElseThrow();
        return -score.nll();
    }

    private static Rewrites rewrites(LanguageModel model, Optional<Network> features, Augment task) {
        Augment onlyNouns = Tasks.with(task, Tasks.rules(Set.of("is", "a"), List.of(), 1, Rules.SHIELDED));
        return new Scorer<>(model, features, onlyNouns, 512)
                .score(List.of(Document.of("doc-1", TEXT)).iterator())
                .next()
                .value()
                .orElseThrow();
    }

    /** Every token points one way, but a river. */
    private static final class Directions implements Network {
        @Override
        public List<Prediction> predict(Batch batch) {
            long river = AnsweringNetwork.id("river");
            return IntStream.range(0, batch.positions().length)
                    .mapToObj(p -> batch.ids()[(int) batch.positions()[p]] == river
                            ? Prediction.ofFeatures(new float[] {0, 1})
                            : Prediction.ofFeatures(new float[] {1, 0}))
                    .toList();
        }

        @Override
        public void close() {}
    }
}
