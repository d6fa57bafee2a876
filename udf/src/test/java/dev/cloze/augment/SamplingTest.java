package dev.cloze.augment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.augment.Sampling.Choice;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SamplingTest {
    /** Their ids rise otherwise than their probabilities fall; 0.2 of the probability is elsewhere. */
    private static final List<TokenCandidate> OPTIONS =
            List.of(option(7, "seven", 0.4), option(3, "three", 0.2), option(5, "five", 0.1), option(1, "one", 0.1));

    private static TokenCandidate option(long id, String text, double probability) {
        return new TokenCandidate(id, text, Math.log(probability), 1);
    }

    private static String pick(Sampling sampling, double uniform) {
        return sampling.pick(OPTIONS, 0, uniform).map(TokenCandidate::text).orElse("none");
    }

    @ParameterizedTest
    @CsvSource({
        // In the order of ids, of 0.8: one 0.125, three 0.25, five 0.125, seven 0.5.
        "0, one",
        "0.1249, one",
        "0.1251, three",
        "0.3749, three",
        "0.3751, five",
        "0.4999, five",
        "0.5001, seven",
        "0.99999, seven"
    })
    void aDrawTakesWordsByTheirShares(double uniform, String word) {
        assertThat(pick(new Sampling(4, 1, 1, 0, Choice.DRAW), uniform)).isEqualTo(word);
    }

    @ParameterizedTest
    @CsvSource({
        // Square roots are 0.632, 0.447, 0.316, 0.316, together 1.712; squares 0.16, 0.04, 0.01, 0.01, together 0.22.
        "2, 0.1846, one",
        "2, 0.1849, three",
        "2, 0.4457, three",
        "2, 0.4461, five",
        "2, 0.6304, five",
        "2, 0.6309, seven",
        "0.5, 0.0454, one",
        "0.5, 0.0455, three",
        "0.5, 0.2272, three",
        "0.5, 0.2273, five",
        "0.5, 0.2728, seven"
    })
    void temperatureMovesTheShares(double temperature, double uniform, String word) {
        assertThat(pick(new Sampling(4, 1, temperature, 0, Choice.DRAW), uniform))
                .isEqualTo(word);
    }

    @ParameterizedTest
    @CsvSource({"0.5, 0, seven", "0.51, 0, three", "0.75, 0.32, three", "0.75, 0.34, seven", "0.76, 0.3, five"})
    void topPKeepsTheFewestProbableWordsThatReachIt(double topP, double uniform, String word) {
        assertThat(pick(new Sampling(4, topP, 1, 0, Choice.DRAW), uniform)).isEqualTo(word);
    }

    @Test
    void aWordMustBeProbableEnoughInTheWholeVocabulary() {
        assertThat(pick(new Sampling(4, 1, 1, 0.15, Choice.DRAW), 0)).isEqualTo("three");
        assertThat(pick(new Sampling(4, 1, 1, 0.5, Choice.DRAW), 0)).isEqualTo("none");
        // After a piece of probability one half, all are half as probable.
        assertThat(new Sampling(4, 1, 1, 0.15, Choice.DRAW).pick(OPTIONS, Math.log(0.5), 0))
                .hasValueSatisfying(option -> assertThat(option.text()).isEqualTo("seven"));
    }

    @Test
    void greedyTakesTheMostProbableWord() {
        assertThat(pick(new Sampling(4, 1, 1, 0, Choice.GREEDY), 0)).isEqualTo("seven");
        assertThat(new Sampling(4, 1, 1, 0, Choice.GREEDY).pick(List.of(), 0, 0))
                .isEmpty();
    }
}
