package dev.cloze.marks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.stats.judge.CountRule;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextMarksTest {
    private static final String FRENCH = "Le général a été très étonné : « où sont passés les élèves ? »";
    private static final String GERMAN = "Die Häuser über dem Fluß gehören der Köchin, und nicht dem Müller.";
    private static final String RUSSIAN = "Все счастливые семьи похожи друг на друга, и каждая несчастлива по-своему.";
    private static final String ENGLISH =
            "It is a truth universally acknowledged, that a single man must be in want of a wife.";

    private static String readAs(String text, Charset written, Charset read) {
        return new String(text.getBytes(written), read);
    }

    @ParameterizedTest
    @ValueSource(strings = {FRENCH, GERMAN, RUSSIAN, ENGLISH, "Ça coûte 20 €… — vraiment ? Não, é só «ã» e «â»."})
    void goodTextsHaveNoMark(String text) {
        assertThat(TextMarks.of(text).marks()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {FRENCH, GERMAN, RUSSIAN})
    void textsThatWereReadInAnotherEncodingAreMarked(String text) {
        Charset windows = Charset.forName("windows-1252");
        assertThat(TextMarks.of(readAs(text, StandardCharsets.UTF_8, StandardCharsets.ISO_8859_1))
                        .marks())
                .contains("mojibake");
        assertThat(TextMarks.of(readAs(text, StandardCharsets.UTF_8, windows)).marks())
                .contains("mojibake");
    }

    @Test
    void bytesThatWereNoUtf8AreMarked() {
        assertThat(TextMarks.of(readAs(FRENCH, StandardCharsets.ISO_8859_1, StandardCharsets.UTF_8))
                        .marks())
                .containsExactly("replacement");
    }

    @Test
    void utf16ReadAsLatin1IsMarkedByItsControlCharacters() {
        assertThat(TextMarks.of(readAs(ENGLISH, StandardCharsets.UTF_16BE, StandardCharsets.ISO_8859_1))
                        .marks())
                .contains("control");
    }

    @ParameterizedTest
    @ValueSource(ints = {0x00, 0x02, 0x0B, 0x1B, 0x7F, 0x85, 0x9F, 0xFDD0, 0xFFFE, 0x1FFFF, 0xD800, 0xDFFF})
    void charactersThatNoTextHasAreMarked(int character) {
        String text = "some words before it " + new StringBuilder().appendCodePoint(character);
        assertThat(TextMarks.of(text).marks()).containsExactly("control");
    }

    @Test
    void whiteSpaceAndPairsOfSurrogatesAreText() {
        assertThat(TextMarks.of("tab\tline\nline\r\npage\fand a face 😀 in words")
                        .marks())
                .isEmpty();
    }

    @Test
    void threeTagsOrEntitiesAreMarkup() {
        assertThat(TextMarks.of("<p class=\"x\">one&nbsp;two and more words</p>")
                        .marks())
                .containsExactly("markup");
        assertThat(TextMarks.of("Tom &amp; Jerry say that 1 < 2 and <b>mean it").marks())
                .isEmpty();
        assertThat(TextMarks.of("<ada@example.org> wrote to <bob@example.org> and <eve@example.org> about"
                                + " <https://example.org>")
                        .marks())
                .isEmpty();
    }

    @Test
    void textsOfFewLettersAreNoWords() {
        assertThat(TextMarks.of("2026-11-21 06:00:00 0x7fff 404 | 17.3").marks())
                .containsExactly("no-words");
        assertThat(TextMarks.of("नमस्ते दुनिया").marks()).isEmpty();
        assertThat(TextMarks.of("   ").marks()).isEmpty();
    }

    @Test
    void linesThatComeAgainAreRepetitiveFrom30PercentOfTheCharactersOn() {
        String line = "ten chars!";
        List<String> seven =
                List.of("abcdefghij", "bcdefghijk", "cdefghijkl", "defghijklm", "efghijklmn", "fghijklmno");
        String others = String.join("\n", seven);
        assertThat(TextMarks.of(String.join("\n", others, line, line, line, line))
                        .marks())
                .containsExactly("repetitive");
        assertThat(TextMarks.of(String.join("\n", others, "ghijklmnop", line, line, line))
                        .marks())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"en", "fr", "de", "ru"})
    void theLanguageIsThatOfMostFunctionWords(String language) {
        String text =
                switch (language) {
                    case "en" -> ENGLISH;
                    case "fr" -> "Le chat est sur la table et il ne veut pas que nous le voyions avec les autres.";
                    case "de" -> GERMAN;
                    default -> RUSSIAN;
                };
        assertThat(TextMarks.of(text).language()).isEqualTo(language);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "404", "Lorem ipsum dolor", "東京は日本の首都です。"})
    void aTextWithoutFunctionWordsIsOfAnotherLanguage(String text) {
        assertThat(TextMarks.of(text).language()).isEqualTo("other");
    }

    @Test
    void theScriptIsThatOfMostLetters() {
        assertThat(TextMarks.of(RUSSIAN + " in Latin").script()).isEqualTo("cyrillic");
        assertThat(TextMarks.of("東京は日本の首都です。").script()).isEqualTo("han");
        assertThat(TextMarks.of("2026").script()).isEqualTo("none");
    }

    @Test
    void theAuditJudgesEveryMark() {
        assertThat(CountRule.MARKS).containsAll(TextMarks.NAMES);
    }
}
