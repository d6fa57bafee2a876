package dev.cloze.mask;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.text.Document;
import dev.cloze.text.TokenizedDocument;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WindowsTest {
    private static final int T = TokenizedDocument.SPECIAL;

    @Test
    void aDocumentThatFitsIsSeenWhole() {
        assertThat(new Windows(document(10, 0), 12).around(4).kept()).hasSize(12);
    }

    @Test
    void thePositionIsInTheMiddle() {
        Window window = new Windows(document(100, 0), 12).around(50);

        assertThat(window.kept()).containsExactly(0, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 101);
    }

    @Test
    void atTheEdgesTheWindowIsAsLongAsElsewhere() {
        assertThat(new Windows(document(100, 0), 12).around(1).kept())
                .hasSize(12)
                .contains(1, 10);
        assertThat(new Windows(document(100, 0), 12).around(100).kept())
                .hasSize(12)
                .contains(91, 100);
    }

    @Test
    void ofAPairTheLongerTextGivesWay() {
        Window window = new Windows(document(100, 4), 23).beginning();

        assertThat(IntStream.of(window.content().sequenceIds()).filter(side -> side == 1))
                .hasSize(4);
        assertThat(window.kept()).hasSize(23);
    }

    @Test
    void ofTwoLongTextsEachKeepsHalfAndTheLongerTheOddToken() {
        Window window = new Windows(document(100, 90), 24).beginning();

        assertThat(window.content().count(TokenizedDocument.FIRST)).isEqualTo(11);
        assertThat(window.content().count(TokenizedDocument.SECOND)).isEqualTo(10);
    }

    @Test
    void everyWindowIsFullAndHoldsItsPosition() {
        Random random = new Random(3);
        for (int i = 0; i < 2000; i++) {
            TokenizedDocument document = document(1 + random.nextInt(60), random.nextInt(60));
            int position = IntStream.generate(() -> random.nextInt(document.length()))
                    .filter(p -> document.sequenceIds()[p] != T)
                    .findFirst()
                    .orElseThrow();
            int limit = 6 + random.nextInt(60);

            Window window = new Windows(document, limit).around(position);

            assertThat(window.kept()).hasSize(Math.min(limit, document.length()));
            assertThat(window.indexOf(position)).isNotNegative();
        }
    }

    @Test
    void sharesOwnEveryTokenOnceAndSeeItFromAsFarInsideAsTheyCan() {
        Random random = new Random(5);
        for (int i = 0; i < 3000; i++) {
            TokenizedDocument document = document(1 + random.nextInt(200), random.nextInt(3) * random.nextInt(60));
            int limit = 8 + random.nextInt(60);

            List<WindowShare> shares = new Windows(document, limit).shares();

            assertThat(shares.stream().flatMapToInt(s -> IntStream.of(s.positions())))
                    .containsExactlyElementsOf(IntStream.range(0, document.length())
                            .filter(p -> document.sequenceIds()[p] != T)
                            .boxed()
                            .toList());
            for (WindowShare share : shares) {
                assertThat(share.window().kept()).hasSizeLessThanOrEqualTo(limit);
                for (int position : share.positions()) {
                    assertThat(inside(share, position))
                            .isEqualTo(shares.stream()
                                    .filter(other -> other.window().indexOf(position) >= 0)
                                    .filter(other -> IntStream.of(other.positions())
                                            .anyMatch(
                                                    p -> document.sequenceIds()[p] == document.sequenceIds()[position]))
                                    .mapToInt(other -> inside(other, position))
                                    .max()
                                    .orElseThrow());
                }
            }
        }
    }

    /** Tokens between {@code position} and the nearer place where the window cuts its text off. */
    private static int inside(WindowShare share, int position) {
        TokenizedDocument document = share.window().document();
        int side = document.sequenceIds()[position];
        int[] text = IntStream.range(0, document.length())
                .filter(p -> document.sequenceIds()[p] == side)
                .toArray();
        int[] seen = IntStream.of(share.window().kept())
                .filter(p -> document.sequenceIds()[p] == side)
                .toArray();
        int left = seen[0] == text[0] ? Integer.MAX_VALUE : position - seen[0];
        int right =
                seen[seen.length - 1] == text[text.length - 1] ? Integer.MAX_VALUE : seen[seen.length - 1] - position;
        return Math.min(left, right);
    }

    /** [CLS] first [SEP], or [CLS] first [SEP] second [SEP]. */
    private static TokenizedDocument document(int first, int second) {
        IntStream firstText = IntStream.concat(
                IntStream.concat(IntStream.of(T), IntStream.range(0, first).map(i -> 0)), IntStream.of(T));
        IntStream secondText = second == 0
                ? IntStream.empty()
                : IntStream.concat(IntStream.range(0, second).map(i -> 1), IntStream.of(T));
        int[] sequenceIds = IntStream.concat(firstText, secondText).toArray();
        int[] zeros = new int[sequenceIds.length];
        return new TokenizedDocument(
                Document.of("1", ""),
                new long[sequenceIds.length],
                new long[sequenceIds.length],
                sequenceIds,
                zeros,
                zeros,
                zeros);
    }
}
