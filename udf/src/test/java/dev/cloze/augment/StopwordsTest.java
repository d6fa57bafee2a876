package dev.cloze.augment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StopwordsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "en | The food was delicious and the waiter was very friendly.",
                "de | Die Suppe war kalt, und der Kellner hat uns nicht einmal gegrüßt.",
                "fr | Nous avons attendu une heure et la soupe était froide.",
                "pt | Esperamos uma hora e a sopa não estava quente.",
                "es | Esperamos una hora y la sopa estaba muy fría.",
                "it | Abbiamo aspettato un'ora e la zuppa non era calda.",
                "nl | Wij hebben een uur gewacht en de soep was koud.",
                "ru | Мы ждали час, и суп был холодный, но его не было много.",
                "fi | Me odotimme tunnin, ja keitto oli kylmää, mutta se ei ollut hyvää.",
                "hu | Egy órát vártunk, és a leves hideg volt, de nem volt jó.",
                "sv | Vi väntade en timme och soppan var inte varm."
            })
    void aTextIsOfTheLanguageThatHasMostOfItsWords(String language, String text) {
        assertThat(Stopwords.ofLanguageOf(text)).isEqualTo(Stopwords.of(List.of(language)));
    }

    /** The one such word, "in", is on several lists. */
    @Test
    void wordsOfAllLanguagesThatFitAlikeStayAsTheyAre() {
        assertThat(Stopwords.ofLanguageOf("Berlin in 1920"))
                .containsAll(Stopwords.of(List.of("de")))
                .containsAll(Stopwords.of(List.of("en")))
                .containsAll(Stopwords.of(List.of("it")));
    }

    @Test
    void aTextWithoutSuchWordsHasNone() {
        assertThat(Stopwords.ofLanguageOf("42 !")).isEmpty();
        assertThat(Stopwords.ofLanguageOf("")).isEmpty();
        assertThat(Stopwords.ofLanguageOf("我们等了一个小时")).isEmpty();
    }
}
