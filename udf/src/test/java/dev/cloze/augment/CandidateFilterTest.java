package dev.cloze.augment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.augment.Change.Action;
import dev.cloze.importing.TinyBert;
import dev.cloze.model.Prediction;
import dev.cloze.text.Piece;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CandidateFilterTest {
    static final Prediction BERLIN =
            Prediction.ofWords(new long[] {AnsweringNetwork.id("berlin")}, new float[] {-1}, new float[0]);

    @ParameterizedTest
    @EnumSource(Action.class)
    void aWordIsPutAmongItsOwnLettersOnly(Action action) {
        assertThat(options(action, "capital")).extracting(TokenCandidate::text).containsExactly("berlin");
        assertThat(options(action, "город")).isEmpty();
        assertThat(options(action, "城市")).isEmpty();
    }

    /** What may be put in the place of {@code word}, or before it. */
    private static List<TokenCandidate> options(Action action, String word) {
        Place place = new Place(1, 1, 0, word.length(), new Place.Word(word, 0, "", "", false));
        Slot slot = new Slot(place, action, Piece.Kind.HEAD, new long[0], 1);
        return new CandidateFilter(TinyBert.open().tokenizer(), Tasks.REPLACE, Tasks.RULES, Set.of(), 5)
                .candidates(BERLIN, slot, 0);
    }
}
