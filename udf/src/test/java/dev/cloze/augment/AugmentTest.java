package dev.cloze.augment;

import static dev.cloze.augment.Tasks.share;
import static dev.cloze.augment.Tasks.variants;
import static dev.cloze.augment.Tasks.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cloze.augment.Change.Action;
import dev.cloze.augment.Change.Unit;
import dev.cloze.augment.Sampling.Choice;
import dev.cloze.augment.Supply.Originals;
import dev.cloze.importing.TinyBert;
import dev.cloze.mask.LongTexts;
import dev.cloze.model.LanguageModel;
import dev.cloze.scoring.Outcome;
import dev.cloze.scoring.Scorer;
import dev.cloze.scoring.Status;
import dev.cloze.text.Document;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AugmentTest {
    private static final String SENTENCE = "The capital of France is Paris.";
    private static final String PLACES = "berlin 0.5 london 0.25 river 0.25";

    private static Outcome<Rewrites> outcome(AnsweringNetwork network, Augment task, Document document) {
        return new Scorer<>(network.model(), task, 512)
                .score(List.of(document).iterator())
                .next();
    }

    private static Rewrites rewrites(AnsweringNetwork network, Augment task, String text) {
        Outcome<Rewrites> outcome = outcome(network, task, Document.of("doc-1", text));
        return outcome.value().orElseThrow(() -> new AssertionError(outcome.error()));
    }

    private static List<String> texts(AnsweringNetwork network, Augment task, String text) {
        return rewrites(network, task, text).all().stream().map(Rewrite::text).toList();
    }

    /** {@code hashlib.sha256(f"{seed}/{5 * variant}/{position}/{id}")}: first eight bytes / 2^64; tokens with -1 - position. */
    @ParameterizedTest
    @CsvSource({
        // The lowest of six numbers, 0.0628, is position 2's; its token's, 0.3527, is berlin's.
        "doc-1, 42, 1, The berlin of France is Paris.",
        // Position 1, 0.5961.
        "doc-1, 42, 2, London capital of France is Paris.",
        // Position 3, 0.7338.
        "doc-2, 42, 1, The capital london France is Paris.",
        // Position 6, 0.0974.
        "doc-2, 42, 2, The capital of France is Berlin.",
        // Position 5, 0.5270.
        "doc-1, 43, 1, The capital of France london Paris."
    })
    void placesAndWordsAreDrawnFromSha256(String id, long seed, int variant, String expected) {
        Augment task = with(with(Tasks.usual(), Tasks.DRAW), new Supply(2, Originals.LEFT_OUT, seed));

        Outcome<Rewrites> outcome = outcome(AnsweringNetwork.saying(PLACES), task, Document.of(id, SENTENCE));

        assertThat(outcome.value().orElseThrow().all().get(variant - 1).text()).isEqualTo(expected);
    }

    /** A task of Spark that was killed ends within its thousands of candidates. */
    @Test
    void everyCandidateAsksForLeave() {
        for (int last : List.of(1, 500, 1500)) {
            AtomicInteger asked = new AtomicInteger();
            LanguageModel model = AnsweringNetwork.saying(PLACES).model().withCancellationCheck(() -> {
                if (asked.incrementAndGet() > last) {
                    throw new IllegalStateException("killed");
                }
            });

            assertThatThrownBy(() -> new Scorer<>(model, with(Tasks.usual(), variants(1000)), 512)
                            .score(List.of(Document.of("doc-1", SENTENCE)).iterator())
                            .next())
                    .hasMessage("killed");
            assertThat(asked).hasValueLessThanOrEqualTo(last + 2);
        }
    }

    @Test
    void moreCandidatesThanCanBeMadeAreRefused() {
        Document document =
                new Document("doc-1", SENTENCE, Optional.empty(), Map.of(Augment.VARIANTS, Supply.MOST_VARIANTS + 1));

        Outcome<Rewrites> outcome = outcome(AnsweringNetwork.saying(PLACES), Tasks.usual(), document);

        assertThat(outcome.status()).isEqualTo(Status.FAILED);
        assertThat(outcome.error().orElseThrow())
                .isEqualTo(
                        "Cannot augment the text: 10001 variants are wanted, at most 10000 of a text can be made; ask for"
                                + " fewer");
    }

    @Test
    void anEditSaysWhatItChangedAndHowProbableItIs() {
        Rewrite rewrite = rewrites(AnsweringNetwork.saying("##s 0.5 capital 0.2 berlin 0.125"), Tasks.usual(), SENTENCE)
                .all()
                .get(0);

        assertThat(rewrite.variant()).isEqualTo(1);
        Edit edit = rewrite.edits().get(0);
        assertThat(SENTENCE.substring(edit.start(), edit.end()))
                .isEqualTo("capital")
                .isEqualTo(edit.original());
        assertThat(edit.replacement()).isEqualTo("berlin");
        assertThat(edit.probability()).isCloseTo(0.125, within(1e-6));
        assertThat(edit.rank()).isEqualTo(3);
    }

    @Test
    void wordsAreHiddenTogetherOrOneAfterTheOther() {
        AnsweringNetwork together = AnsweringNetwork.saying(PLACES);
        AnsweringNetwork inTurn = AnsweringNetwork.saying(PLACES);
        Augment task = with(Tasks.usual(), share(0.3));
        Change sequential = Tasks.change(Action.REPLACE, Unit.WORD, Change.Order.SEQUENTIAL, 1);

        assertThat(texts(together, task, SENTENCE)).containsExactly("The berlin berlin France is Paris.");
        assertThat(texts(inTurn, with(task, sequential), SENTENCE))
                .containsExactly("The berlin berlin France is Paris.");
        assertThat(together.asked())
                .containsExactly(
                        "[CLS] the [MASK] [MASK] france is paris . [SEP] @2",
                        "[CLS] the [MASK] [MASK] france is paris . [SEP] @3");
        assertThat(inTurn.asked())
                .containsExactly(
                        "[CLS] the [MASK] of france is paris . [SEP] @2",
                        "[CLS] the berlin [MASK] france is paris . [SEP] @3");
    }

    @Test
    void aWordOfSeveralPiecesGivesWayWholeAndIsFilledFromLeftToRight() {
        AnsweringNetwork network = new AnsweringNetwork(row -> AnsweringNetwork.probabilities(
                row.ids().get(row.position() - 1) == AnsweringNetwork.id("the")
                        ? "##ing 0.5 work 0.25 play 0.2"
                        : "river 0.5 ##s 0.45 ##ment 0.4"));
        Augment task = with(Tasks.usual(), Tasks.change(Action.REPLACE, Unit.WORD, Change.Order.SIMULTANEOUS, 2));

        // The tokenizer reads "works" as one token, "workment" as these two.
        Rewrite rewrite = rewrites(network, task, "the cyborg").all().get(0);

        assertThat(rewrite.text()).isEqualTo("the workment");
        assertThat(rewrite.edits().get(0).probability()).isCloseTo(0.25 * 0.4, within(1e-6));
        assertThat(rewrite.edits().get(0).rank()).isEqualTo(3);
        assertThat(network.asked())
                .containsExactly("[CLS] the [MASK] [MASK] [SEP] @2", "[CLS] the work [MASK] [SEP] @3");
    }

    @Test
    void aWordIsPutBeforeAnotherThatFollowsABlank() {
        Augment task = with(
                with(Tasks.usual(), Tasks.change(Action.INSERT, Unit.WORD, Change.Order.SIMULTANEOUS, 1)), share(0.3));
        AnsweringNetwork network = AnsweringNetwork.saying("capital 0.5 . 0.25 berlin 0.125");

        Rewrite rewrite = rewrites(network, task, SENTENCE).all().get(0);

        // Before "capital" and after it "capital" would be there twice.
        assertThat(rewrite.text()).isEqualTo("The berlin capital berlin of France is Paris.");
        assertThat(rewrite.edits()).allSatisfy(edit -> {
            assertThat(edit.start()).isEqualTo(edit.end());
            assertThat(edit.original()).isEmpty();
            assertThat(edit.replacement()).isEqualTo("berlin ");
        });
        assertThat(network.asked().get(0)).isEqualTo("[CLS] the [MASK] capital [MASK] of france is paris . [SEP] @2");
    }

    @Test
    void aPieceGivesWayToAPieceOfItsKind() {
        Augment task = with(
                with(Tasks.usual(), Tasks.change(Action.REPLACE, Unit.PIECE, Change.Order.SIMULTANEOUS, 1)), share(1));
        AnsweringNetwork network = AnsweringNetwork.saying("role 0.5 ##er 0.25");

        // c ##y ##borg
        assertThat(texts(network, with(task, new Amount(0, 3, 3)), "cyborg")).containsExactly("roleerer");
    }

    @ParameterizedTest
    @CsvSource({
        "[MASK] 0.9 river 0.1, River",
        "[UNK] 0.9 river 0.1, River",
        "##ing 0.9 river 0.1, River",
        ". 0.9 river 0.1, River",
        "7 0.9 river 0.1, River",
        "angel 0.9 river 0.1, River",
        "city 0.9 river 0.1, River",
        "of 0.9 river 0.1, River",
        "x 0.9 river 0.1, River"
    })
    void whatPassesNoFilterIsNotPutIn(String answers, String expected) {
        Rules rules = Tasks.rules(Set.of("of"), List.of(Pattern.compile("ci.*")), 2, Rules.SHIELDED);

        // The model's normaliser makes "angel" of it.
        assertThat(texts(AnsweringNetwork.saying(answers), with(Tasks.usual(), rules), "Ángel"))
                .containsExactly(expected);
    }

    @Test
    void theWordsBesideAreNotRepeated() {
        AnsweringNetwork network = AnsweringNetwork.saying("of 0.5 france 0.3 river 0.1");
        Rules onlyIs =
                Tasks.rules(Set.of(), List.of(Pattern.compile("(?i)the|capital|of|france|paris")), 1, Rules.SHIELDED);

        assertThat(texts(network, with(Tasks.usual(), onlyIs), "of is France")).containsExactly("of river France");
    }

    @Test
    void whatIsShieldedOrProtectedStaysAsItIs() {
        String text = "paris {city} paris www.city.com paris";
        Document document = new Document("1", text, Optional.empty(), Map.of(Augment.PROTECTED, List.of(0, 5, 13, 14)));

        Rewrites rewrites = outcome(AnsweringNetwork.saying(PLACES), with(Tasks.usual(), share(1)), document)
                .value()
                .orElseThrow();

        assertThat(rewrites.all().get(0).text()).isEqualTo("paris {city} paris www.city.com berlin");
    }

    @Test
    void aProtectedStretchThatIsNoneFailsTheRow() {
        Document document = new Document("1", "paris", Optional.empty(), Map.of(Augment.PROTECTED, List.of(5, 3)));

        Outcome<Rewrites> outcome = outcome(AnsweringNetwork.saying(PLACES), Tasks.usual(), document);

        assertThat(outcome.status()).isEqualTo(Status.FAILED);
        assertThat(outcome.error().orElseThrow()).contains("a protected span goes from 5 to 3");
    }

    @Test
    void candidatesOfADocumentAreAllDifferent() {
        Augment task = with(with(Tasks.usual(), Tasks.DRAW), variants(20));

        Rewrites rewrites = rewrites(AnsweringNetwork.saying("berlin 0.5 london 0.25 river 0.25"), task, "the city");

        assertThat(rewrites.all())
                .extracting(Rewrite::text)
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrder(
                        "berlin city", "london city", "river city", "the berlin", "the london", "the river");
        assertThat(rewrites.shortfall().orElseThrow().status()).isEqualTo(Status.FEW_VARIANTS);
        assertThat(rewrites.shortfall().orElseThrow().reason())
                .matches(
                        "Cannot make 14 of 20 variants: of \\d+ tries that failed \\d+ repeated another candidate; .*");
    }

    @Test
    void aDocumentWithoutACandidateSaysWhy() {
        Rewrites rewrites =
                rewrites(AnsweringNetwork.saying("paris 0.9 ##s 0.1"), with(Tasks.usual(), variants(2)), "Paris");

        assertThat(rewrites.all()).isEmpty();
        assertThat(rewrites.shortfall().orElseThrow().status()).isEqualTo(Status.NO_CANDIDATE);
        assertThat(rewrites.shortfall().orElseThrow().reason())
                .isEqualTo(
                        "Cannot make 2 of 2 variants: of 10 tries that failed 10 found no word that passes the filters;"
                                + " loosen the filters, raise --top-k or --share, or ask for fewer --variants");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            42 !            | there is no word in it; leave the row out
            don't           | none of its 2 words may be changed; loosen the filters, or leave the row out
            see www.cloze.x | none of its 4 words may be changed; loosen the filters, or leave the row out
            see             | its only word may not be changed; loosen the filters, or leave the row out
            """)
    void aTextWithoutAPlaceSaysWhy(String text, String why) {
        Augment task = with(Tasks.usual(), Tasks.rules(Set.of("see"), List.of(), 1, Rules.SHIELDED));

        assertThat(rewrites(AnsweringNetwork.saying("paris 1"), task, text)
                        .shortfall()
                        .orElseThrow()
                        .reason())
                .isEqualTo("Cannot augment the text: " + why);
    }

    @Test
    void documentsMayTellHowManyCandidatesTheyNeed() {
        for (int wanted : new int[] {0, 1, 3}) {
            Document document = new Document("1", SENTENCE, Optional.empty(), Map.of(Augment.VARIANTS, wanted));

            Rewrites rewrites = outcome(AnsweringNetwork.saying(PLACES), with(Tasks.usual(), Tasks.DRAW), document)
                    .value()
                    .orElseThrow();

            assertThat(rewrites.all()).hasSize(wanted);
            assertThat(rewrites.shortfall()).isEmpty();
        }
    }

    @Test
    void theOriginalStandsBeforeItsCandidates() {
        Augment task = with(Tasks.usual(), new Supply(1, Originals.INCLUDED, 42));

        List<Rewrite> all =
                rewrites(AnsweringNetwork.saying(PLACES), task, SENTENCE).all();

        assertThat(all).extracting(Rewrite::variant).containsExactly(0, 1);
        assertThat(all.get(0).text()).isEqualTo(SENTENCE);
        assertThat(all.get(0).edits()).isEmpty();
    }

    @Test
    void moreVariantsDoNotChangeTheFirstOnes() {
        Augment task = with(Tasks.usual(), Tasks.DRAW);

        List<String> few = texts(AnsweringNetwork.saying(PLACES), with(task, variants(2)), SENTENCE);
        List<String> many = texts(AnsweringNetwork.saying(PLACES), with(task, variants(6)), SENTENCE);

        assertThat(many.subList(0, 2)).isEqualTo(few);
    }

    @Test
    void aWordThatIsNotProbableEnoughIsNotPutIn() {
        Augment task = with(Tasks.usual(), new Sampling(50, 1, 1, 0.6, Choice.DRAW));

        assertThat(rewrites(AnsweringNetwork.saying(PLACES), task, SENTENCE).all())
                .isEmpty();
    }

    @Test
    void aLongTextIsSeenThroughWindowsAndWrittenWhole() {
        String text = "the city of paris is good and ".repeat(40) + "old";
        AnsweringNetwork network = AnsweringNetwork.saying(PLACES);
        Augment task = with(Tasks.usual(), new Amount(1, 1, 10));

        Rewrite rewrite = rewrites(network, task, text).all().get(0);

        assertThat(rewrite.edits()).hasSize(10);
        assertThat(Edits.undone(rewrite)).isEqualTo(text);
        assertThat(network.asked()).allMatch(asked -> asked.split(" ").length - 1 <= TinyBert.POSITIONS);
        assertThat(network.asked()).hasSize(10);
    }

    @Test
    void ofATruncatedTextOnlyTheBeginningIsChanged() {
        String text = "a ".repeat(TinyBert.POSITIONS - 2) + "paris paris";
        Rules onlyParis = Tasks.rules(Set.of("a"), List.of(), 1, List.of());
        Augment task = with(with(Tasks.usual(), onlyParis), LongTexts.TRUNCATE);

        assertThat(rewrites(AnsweringNetwork.saying(PLACES), task, text).all()).isEmpty();
        assertThat(texts(AnsweringNetwork.saying(PLACES), with(task, LongTexts.WINDOW), text))
                .hasSize(1);
        assertThat(texts(AnsweringNetwork.saying(PLACES), task, "paris " + text))
                .containsExactly("berlin " + text);
        assertThat(outcome(AnsweringNetwork.saying(PLACES), with(task, LongTexts.FAIL), Document.of("1", text))
                        .status())
                .isEqualTo(Status.TOO_LONG);
    }

    @Test
    void manyPiecesFitIntoAWindow() {
        String text = "paris ".repeat(TinyBert.POSITIONS);
        AnsweringNetwork network = AnsweringNetwork.saying("work 0.5 ##ment 0.4 ##er 0.1");
        Augment task = with(
                with(Tasks.usual(), Tasks.change(Action.INSERT, Unit.WORD, Change.Order.SIMULTANEOUS, 3)),
                new Amount(1, 1, 1000));

        assertThat(rewrites(network, task, text).all().get(0).edits()).hasSize(TinyBert.POSITIONS - 1);
        assertThat(network.asked()).allMatch(asked -> asked.split(" ").length - 1 <= TinyBert.POSITIONS);
    }

    @Test
    void anEmptyTextIsRefused() {
        assertThat(outcome(AnsweringNetwork.saying(PLACES), Tasks.usual(), Document.of("1", " "))
                        .status())
                .isEqualTo(Status.EMPTY);
    }

    @Test
    void whatTheModelReadsInAWindowDoesNotDependOnOtherDocuments() {
        Augment task = with(with(with(Tasks.usual(), Tasks.DRAW), variants(3)), share(0.5));
        List<String> texts = Arrays.asList(SENTENCE, "one two new old", "we play and talk", "42", "");
        Map<String, List<String>> alone = new HashMap<>();
        texts.forEach(text -> alone.put(
                text,
                outcome(AnsweringNetwork.saying(PLACES), task, Document.of(text, text))
                        .value()
                        .map(rewrites ->
                                rewrites.all().stream().map(Rewrite::text).toList())
                        .orElse(List.of())));

        new Scorer<>(AnsweringNetwork.saying(PLACES).model(), task, 64)
                .score(texts.stream().map(text -> Document.of(text, text)).iterator())
                .forEachRemaining(outcome -> outcome.value().ifPresent(rewrites -> assertThat(alone.values())
                        .contains(rewrites.all().stream().map(Rewrite::text).toList())));
    }
}
