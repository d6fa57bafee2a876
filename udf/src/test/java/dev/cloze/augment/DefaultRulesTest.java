package dev.cloze.augment;

import static dev.cloze.augment.Tasks.variants;
import static dev.cloze.augment.Tasks.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.augment.Rules.Language;
import dev.cloze.augment.Rules.Names;
import dev.cloze.augment.Rules.Repeats;
import dev.cloze.importing.TinyBert;
import dev.cloze.scoring.Scorer;
import dev.cloze.text.Document;
import dev.cloze.text.Piece;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Function words, names and words that a text has already, when nobody says otherwise. */
class DefaultRulesTest {
    private static List<String> texts(String answers, Rules rules, Amount amount, String text) {
        AnsweringNetwork network = AnsweringNetwork.saying(answers);
        Augment task = with(with(with(Tasks.usual(), rules), variants(3)), amount);
        return new Scorer<>(network.model(), task, 512)
                .score(List.of(Document.of("doc-1", text)).iterator())
                .next()
                .value()
                .map(rewrites -> rewrites.all().stream().map(Rewrite::text).toList())
                .orElseThrow();
    }

    /** The tiny model knows no capitals: a name would be given words that are none. */
    @Test
    void functionWordsStayAndNamesOfAModelWithoutCapitals() {
        assertThat(texts(
                        "berlin 0.5 river 0.3", Rules.DEFAULT, new Amount(1, 1, 10), "The capital of France is Paris."))
                .contains("The berlin of France is Paris.")
                .allMatch(text -> text.startsWith("The ") && text.endsWith(" of France is Paris."));
    }

    @Test
    void aModelWithCapitalsPutsAWordWithACapitalInThePlaceOfAName() {
        assertThat(options(Names.AUTO, true)).isEmpty();
        assertThat(options(Names.AUTO, false)).containsExactly("berlin");
        assertThat(options(Names.REPLACE, true)).containsExactly("berlin");
    }

    private static List<String> options(Names names, boolean isName) {
        Rules rules = new Rules(Set.of(), Language.NONE, names, Repeats.ALLOWED, List.of(), 1, List.of());
        Place place = new Place(1, 1, 0, 6, new Place.Word("France", 0, "", "", isName));
        Slot slot = new Slot(place, Change.Action.REPLACE, Piece.Kind.HEAD, new long[0], 1);
        return new CandidateFilter(TinyBert.open().tokenizer(), Tasks.REPLACE, rules, Set.of(), 5)
                .candidates(CandidateFilterTest.BERLIN, slot, 0).stream()
                        .map(TokenCandidate::text)
                        .toList();
    }

    @Test
    void aWordThatTheTextHasIsNotPutInAgain() {
        Rules once = new Rules(Set.of(), Language.NONE, Names.REPLACE, Repeats.REFUSED, List.of(), 1, List.of());
        Amount one = new Amount(0, 1, 1);

        assertThat(texts("paris 0.9 river 0.05", Tasks.RULES, one, "the city of a capital is paris"))
                .anyMatch(text -> text.matches(".*paris.*paris.*"));
        assertThat(texts("paris 0.9 river 0.05", once, one, "the city of a capital is paris"))
                .isNotEmpty()
                .noneMatch(text -> text.matches(".*paris.*paris.*"));
    }

    /** Both are hidden, so neither knows of the other. */
    @Test
    void aWordIsNotPutInTwice() {
        Rules once = new Rules(Set.of(), Language.NONE, Names.REPLACE, Repeats.REFUSED, List.of(), 1, List.of());
        Amount two = new Amount(0, 2, 2);

        assertThat(texts("river 0.9", Tasks.RULES, two, "the city of a capital is paris"))
                .anyMatch(text -> text.matches(".*river.*river.*"));
        assertThat(texts("river 0.9", once, two, "the city of a capital is paris"))
                .isEmpty();
    }

    @Test
    void improbableWordsAreNotPutIn() {
        assertThat(Sampling.DEFAULT.minProbability()).isEqualTo(0.03);
    }
}
