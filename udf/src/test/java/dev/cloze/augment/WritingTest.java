package dev.cloze.augment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Small rules about words and letters. */
class WritingTest {
    @ParameterizedTest
    @CsvSource({
        "city, river, river",
        "City, river, River",
        "CITY, river, RIVER",
        "I, we, We",
        "iPhone, river, river",
        "McCoy, river, river",
        "Élan, été, Été",
        "City, Paris, Paris",
        "CITY, Paris, PARIS",
        "中国, 城市, 城市"
    })
    void aNewWordIsWrittenAsTheOldOne(String original, String word, String written) {
        assertThat(Capitals.KEEP.write(original, word)).hasValue(written);
        assertThat(Capitals.OF_MODEL.write(original, word)).hasValue(word);
    }

    @ParameterizedTest
    @CsvSource({
        "river, city, true",
        "été, city, true",
        "e\u0301te\u0301, city, true",
        "город, city, false",
        "city, город, false",
        "city, 国, false",
        "国, city, false",
        "国, の, true",
        "カー, 国, true",
        "αβ, city, false",
        "ªº, city, true",
        "city, aб, true",
        "aб, city, false"
    })
    void aNewWordIsInTheLettersOfItsPlace(String word, String neighbour, boolean suits) {
        assertThat(Scripts.suit(word, neighbour)).isEqualTo(suits);
    }

    @Test
    void aNameDoesNotFitWhereAWordInSmallLettersStood() {
        assertThat(Capitals.KEEP.write("city", "Paris")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a <city> b",
                "<city>",
                "(<city>)",
                "well-<city>",
                "<city>-wide",
                "<city>.",
                "\"<city>\"",
                "'<city>'",
                "中<国>家",
                "end. <city>: b",
                "<city>, b",
                "the <city>… b"
            })
    void aWordOfItsOwnMayChange(String marked) {
        assertThat(standsAlone(marked)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "don'<t>",
                "<don>'t",
                "l’<homme>",
                "<example>.com",
                "snake_<case>",
                "<snake>_case",
                "x1<city>",
                "<city>2",
                "@<name>",
                "#<tag>",
                "and/<or>",
                "<and>/or",
                "C:\\<name>",
                "$<name>",
                "a<city>"
            })
    void aPartOfALargerExpressionStaysAsItIs(String marked) {
        assertThat(standsAlone(marked)).isFalse();
    }

    private static boolean standsAlone(String marked) {
        int start = marked.indexOf('<');
        int end = marked.indexOf('>') - 1;
        return Letters.standAlone(marked.replaceAll("[<>]", ""), start, end);
    }

    @ParameterizedTest
    @CsvSource({
        "see https://example.org/a?b=c now, https://example.org/a?b=c",
        "see www.example.org now, www.example.org",
        "write to first.last+tag@mail.example.org now, first.last+tag@mail.example.org",
        "dear {first name} how, {first name}",
        "dear {{name}} how, {name}",
        "dear ${name} how, ${name}",
        "dear [FIRST_NAME] how, [FIRST_NAME]",
        "dear %(name)s how, %(name)s",
        "a <b class='x'> bold, <b class='x'>"
    })
    void addressesAndPlaceholdersAreShielded(String text, String shielded) {
        assertThat(rules().shieldedIn(text))
                .extracting(span -> text.substring(span.start(), span.end()))
                .containsExactly(shielded);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "{", "<", "@", "www.", "a@", "http://", "[A", "%(a", "-"})
    void shieldsAreFoundInOneWalkThroughALongText(String part) {
        String text = part.repeat(2_000_000 / part.length());

        // A second walk from each character would take hours.
        assertThat(rules().shieldedIn(text)).hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void wordsThatTakeNoPart() {
        Rules rules = Tasks.rules(Set.of("the"), List.of(Pattern.compile("[Cc]apit.l")), 3, Rules.SHIELDED);

        assertThat(rules.allow("city")).isTrue();
        assertThat(rules.allow("The")).isFalse();
        assertThat(rules.allow("Capital")).isFalse();
        assertThat(rules.allow("Capitals")).isTrue();
        assertThat(rules.allow("is")).isFalse();
        // Two characters of four UTF-16 units.
        assertThat(rules.allow("\ud835\udd52\ud835\udd53")).isFalse();
    }

    private static Rules rules() {
        return Tasks.rules(Set.of(), List.of(), 1, Rules.SHIELDED);
    }

    @ParameterizedTest
    @CsvSource({
        // share, min, max, words, eligible, changed
        "0.15, 1, 10, 20, 20, 3",
        "0.15, 1, 10, 21, 21, 4",
        "0.1, 1, 10, 30, 30, 3",
        "0.15, 1, 10, 1000, 1000, 10",
        "0.15, 2, 10, 3, 3, 2",
        "0.15, 2, 10, 3, 1, 1",
        "1, 1, 100, 7, 5, 5",
        "0, 1, 10, 7, 5, 1",
        "0.5, 1, 10, 10, 0, 0"
    })
    void aShareOfAllWordsIsChanged(double share, int min, int max, int words, int eligible, int changed) {
        assertThat(new Amount(share, min, max).of(words, eligible)).isEqualTo(changed);
    }
}
