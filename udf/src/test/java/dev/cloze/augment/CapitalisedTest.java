package dev.cloze.augment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CapitalisedTest {
    private static final Pattern WORD = Pattern.compile("\\p{L}+");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "The road leads from Zanesville to Columbus. | Zanesville Columbus",
                "We met Mr. Smith of the U.S. Senate. He left. | Mr Smith U S Senate",
                "\"Good coffee,\" said Anna. (Not bad.) | Anna",
                "Why? Nobody knows: Perhaps it was late! Then came rain. | -",
                "BREAKING NEWS FROM PARIS | -",
                "the NATO meeting in paris | NATO",
                "Вчера я видел Москву. | Москву",
                "Él vive en España. | España"
            })
    void aNameHasACapitalAndBeginsNoSentence(String text, String names) {
        Capitalised capitals = new Capitalised(text);

        assertThat(WORD.matcher(text).results())
                .filteredOn(word -> capitals.isName(word.start()))
                .extracting(MatchResult::group)
                .isEqualTo(names == null ? List.of() : Arrays.asList(names.split(" ")));
    }
}
