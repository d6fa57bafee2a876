package dev.cloze.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.importing.TinyBert;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SubwordTokenizerTest {
    private final SubwordTokenizer tokenizer = TinyBert.open().tokenizer();

    @Test
    void offsetsCountUtf16UnitsOfTheOriginalText() {
        assertThat(words(Document.of("1", "😀 Paris 🇫🇷 [MASK] é e\u0301 paris")))
                .contains("Paris", "[MASK]", "paris");
    }

    @Test
    void halfAPairCostsNothingButItself() {
        TokenizedDocument encoded = tokenizer.encode(Document.of("1", "paris \uD83D london \uDE00 [MASK]"));

        assertThat(words(encoded)).containsExactly("paris", "london", "[MASK]");
    }

    @Test
    void aLiteralSpecialTokenBelongsToTheText() {
        TokenizedDocument encoded = tokenizer.encode(Document.of("1", "a [SEP] b"));

        assertThat(encoded.sequenceIds()).containsExactly(-1, 0, 0, 0, -1);
        assertThat(encoded.ids()[2]).isEqualTo(encoded.ids()[4]);
    }

    @Test
    void aPairHasTwoSides() {
        TokenizedDocument encoded = tokenizer.encode(new Document("1", "a b", Optional.of("c")));

        assertThat(encoded.sequenceIds()).containsExactly(-1, 0, 0, -1, 1, -1);
        assertThat(encoded.typeIds()).containsExactly(0, 0, 0, 0, 1, 1);
        assertThat(encoded.textOf(4)).isEqualTo("c");
    }

    @Test
    void nothingIsTruncated() {
        assertThat(tokenizer.encode(Document.of("1", "paris ".repeat(3000))).length())
                .isEqualTo(3002);
    }

    @Test
    void everyStringHasOffsetsInsideItself() {
        Random random = new Random(7);
        for (int i = 0; i < 5000; i++) {
            String text = IntStream.range(0, random.nextInt(40))
                    .map(c -> random.nextInt(4) == 0
                            ? random.nextInt(0x10000)
                            : " [MASK]parisé😀".charAt(random.nextInt(15)))
                    .collect(StringBuilder::new, (s, c) -> s.append((char) c), StringBuilder::append)
                    .toString();

            TokenizedDocument encoded = tokenizer.encode(Document.of("1", text));

            for (int t = 0; t < encoded.length(); t++) {
                assertThat(encoded.starts()[t]).isBetween(0, encoded.ends()[t]);
                assertThat(encoded.ends()[t]).isLessThanOrEqualTo(text.length());
            }
        }
    }

    private List<String> words(Document document) {
        return words(tokenizer.encode(document));
    }

    private static List<String> words(TokenizedDocument encoded) {
        return IntStream.range(0, encoded.length())
                .filter(i -> encoded.sequenceIds()[i] != TokenizedDocument.SPECIAL)
                .mapToObj(i -> encoded.textOf(i).substring(encoded.starts()[i], encoded.ends()[i]))
                .toList();
    }
}
