package dev.cloze.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloze.batch.Batch;
import dev.cloze.importing.TinyBert;
import dev.cloze.mask.LongTexts;
import dev.cloze.mask.Variant;
import dev.cloze.model.LanguageModel;
import dev.cloze.text.Document;
import dev.cloze.text.TokenizedDocument;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ScorerTest {
    private static final FillMask FILL = new FillMask(1, Targets.any(), LongTexts.WINDOW, false);

    private final LanguageModel tiny = TinyBert.open();

    @Test
    void outcomesComeInTheOrderOfTheDocuments() {
        List<Document> documents = IntStream.range(0, 3000)
                .mapToObj(i -> Document.of("doc", "a ".repeat(i * 7919 % 40) + "[MASK] " + "abcdefghij".charAt(i % 10)))
                .toList();

        List<String> found = tokens(new TableNetwork(batch -> false), documents);

        assertThat(found)
                .isEqualTo(IntStream.range(0, 3000)
                        .mapToObj(i -> String.valueOf("abcdefghij".charAt(i % 10)))
                        .toList());
    }

    @Test
    void aBatchHoldsNoMoreTokensThanTheBudget() {
        TableNetwork network = new TableNetwork(batch -> false);
        List<Document> documents = IntStream.range(0, 500)
                .mapToObj(i -> Document.of("doc", "a ".repeat(i % 50) + "[MASK] b"))
                .toList();

        tokens(network, documents);

        assertThat(network.batches()).allMatch(batch -> batch.rows() * batch.width() <= 512);
        assertThat(network.batches()).hasSizeLessThan(50);
    }

    /** A mask between [CLS] and [SEP] is three tokens; the shorter of the two rows is filled up by one. */
    @Test
    void whatItTakesIsCounted() {
        Metrics metrics = new Metrics();

        new Scorer<>(tiny, FILL, 512)
                .metered(metrics)
                .score(Stream.of("[MASK]", "[MASK] a", "a")
                        .map(text -> Document.of("doc", text))
                        .iterator())
                .forEachRemaining(outcome -> {});

        assertThat(metrics.of(Metric.ROWS)).isEqualTo(3);
        assertThat(metrics.of(Metric.TOKENS)).isEqualTo(3 + 4);
        assertThat(metrics.of(Metric.PADDING)).isEqualTo(1);
        assertThat(metrics.of(Metric.BATCHES)).isEqualTo(1);
        assertThat(metrics.paddingShare()).isEqualTo(1 / 8.0);
        assertThat(List.of(Metric.TOKENIZE, Metric.PLAN, Metric.RUN)).allMatch(time -> metrics.of(time) > 0);
        assertThat(metrics.tokensPerSecond(2)).isEqualTo(metrics.tokensPerSecond(1) / 2);
    }

    @Test
    void equalTextsAreScoredOnceAndEachHasItsOutcomeInItsPlace() {
        TableNetwork network = new TableNetwork(batch -> false);
        Metrics metrics = new Metrics();
        List<Document> documents = IntStream.range(0, 5000)
                .mapToObj(i -> Document.of("doc" + i, "[MASK] " + "abcdefghij".charAt(i * i % 10)))
                .toList();

        List<String> found = tokens(network, metrics, documents);

        assertThat(found)
                .isEqualTo(IntStream.range(0, 5000)
                        .mapToObj(i -> String.valueOf("abcdefghij".charAt(i * i % 10)))
                        .toList());
        // The squares modulo 10.
        assertThat(network.batches().stream().mapToInt(Batch::rows).sum()).isEqualTo(6);
        assertThat(metrics.of(Metric.ROWS)).isEqualTo(5000);
        assertThat(metrics.of(Metric.REPEATED)).isEqualTo(5000 - 6);
    }

    @Test
    void aSecondSentenceOrAParameterMakesAnotherText() {
        Metrics metrics = new Metrics();

        tokens(
                new TableNetwork(batch -> false),
                metrics,
                List.of(
                        Document.of("1", "[MASK] a"),
                        new Document("2", "[MASK] a", Optional.of("a")),
                        new Document("3", "[MASK] a", Optional.empty(), Map.of("variants", 2)),
                        new Document("4", "[MASK] a", Optional.of("a"))));

        assertThat(metrics.of(Metric.REPEATED)).isEqualTo(1);
    }

    @Test
    void aTaskThatDrawsByTheIdScoresEqualTextsOfOtherIds() {
        Metrics metrics = new Metrics();
        ScoringTask<DocumentScore> drawing = new MaskedCrossEntropy(0.5, MaskedCrossEntropy.Hiding.MASK, 1, LongTexts.WINDOW);

        List<Double> drawn = new ArrayList<>();
        new Scorer<>(tiny, drawing, 512)
                .metered(metrics)
                .score(Stream.of("1", "2", "1")
                        .map(id -> Document.of(id, "a b c d e f g h i j"))
                        .iterator())
                .forEachRemaining(outcome -> drawn.add(outcome.value().orElseThrow().nll()));

        assertThat(metrics.of(Metric.REPEATED)).isEqualTo(1);
        assertThat(drawn.get(0)).isEqualTo(drawn.get(2)).isNotEqualTo(drawn.get(1));
    }

    @Test
    void aRowThatTheModelFailsOnLeavesItsNeighboursAlone() {
        long poison = tiny.tokenizer().vocabulary().id("x").orElseThrow();
        Predicate<Batch> fails = batch -> LongStream.of(batch.ids()).anyMatch(id -> id == poison);
        List<Document> documents = IntStream.range(0, 100)
                .mapToObj(i -> Document.of("doc", i == 42 ? "[MASK] x" : "[MASK] a"))
                .toList();

        List<Outcome<List<FilledMask>>> outcomes = outcomes(new TableNetwork(fails), FILL, documents.iterator());

        assertThat(outcomes.get(42).status()).isEqualTo(Status.FAILED);
        assertThat(outcomes.get(42).error())
                .hasValue("Cannot score this row: poison; look at the text, or leave the row out");
        assertThat(outcomes)
                .filteredOn(outcome -> outcome.status() == Status.OK)
                .hasSize(99);
    }

    @Test
    void aBatchThatIsTooLargeForMemoryIsAskedInHalves() {
        TableNetwork network = new TableNetwork(batch -> {
            if (batch.rows() > 3) {
                throw new OutOfMemoryError("no heap");
            }
            return false;
        });
        List<Document> documents = IntStream.range(0, 50)
                .mapToObj(i -> Document.of("doc", "[MASK] a"))
                .toList();

        assertThat(outcomes(network, FILL, documents.iterator()))
                .hasSize(50)
                .allMatch(outcome -> outcome.status() == Status.OK);
    }

    @Test
    void aDocumentOfManyQuestionsIsAskedInPieces() {
        AtomicInteger made = new AtomicInteger();
        AtomicInteger mostWaiting = new AtomicInteger();
        ScoringTask<Integer> task = (ScoringTask<Integer>) (document, model) -> {
            AtomicInteger answered = new AtomicInteger();
            Iterator<Query> queries = Stream.generate(() -> {
                        mostWaiting.accumulateAndGet(made.incrementAndGet() - answered.get(), Math::max);
                        return query(document, answered);
                    })
                    .limit(20_000)
                    .iterator();
            return new Plan<>(queries, () -> Outcome.of(answered.get()));
        };

        List<Outcome<Integer>> outcomes = outcomes(
                new TableNetwork(batch -> false),
                task,
                List.of(Document.of("1", "a b")).iterator());

        assertThat(outcomes).containsExactly(Outcome.of(20_000));
        assertThat(mostWaiting.get()).isLessThanOrEqualTo(1024 + 1);
    }

    @Test
    void rowsThatAskNothingAreNotHoarded() {
        AtomicInteger read = new AtomicInteger();
        Iterator<Document> endless = Stream.generate(() -> {
                    read.incrementAndGet();
                    return Document.of("doc", "no mark");
                })
                .iterator();

        Outcome<List<FilledMask>> first = new Scorer<>(with(new TableNetwork(batch -> false)), FILL, 512)
                .score(endless)
                .next();

        assertThat(first.status()).isEqualTo(Status.NO_MASK);
        assertThat(read.get()).isLessThanOrEqualTo(1024);
    }

    @Test
    void somebodyWhoMayWantAFewOutcomesPaysForAFewAndThenForMore() {
        AtomicInteger read = new AtomicInteger();
        Iterator<Document> endless = Stream.generate(() -> {
                    read.incrementAndGet();
                    return Document.of("doc", "[MASK] a");
                })
                .iterator();
        Iterator<Outcome<List<FilledMask>>> outcomes = new Scorer<>(with(new TableNetwork(batch -> false)), FILL, 512)
                .beginningWith(16)
                .score(endless);

        List<Integer> reads = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            outcomes.next();
            if (reads.isEmpty() || reads.get(reads.size() - 1) < read.get()) {
                reads.add(read.get());
            }
        }

        assertThat(reads).startsWith(16, 48, 112, 240, 496, 1008, 2032, 3056, 4080, 5104);
    }

    @Test
    void whatTakesTheLeaveEndsTheScoringBeforeTheNextBatch() {
        TableNetwork network = new TableNetwork(batch -> false);
        List<Document> documents = IntStream.range(0, 900)
                .mapToObj(i -> Document.of("doc", "[MASK]" + " ".repeat(i) + "a"))
                .toList();
        Iterator<Outcome<List<FilledMask>>> outcomes = new Scorer<>(
                        with(network).withCancellationCheck(() -> {
                            if (network.batches().size() == 3) {
                                throw new IllegalStateException("killed");
                            }
                        }),
                        FILL,
                        512)
                .score(documents.iterator());

        assertThatThrownBy(outcomes::next).hasMessage("killed");
        assertThat(network.batches()).hasSize(3);
    }

    /** Otherwise the rows of a task that was killed would be written as failed. */
    @Test
    void whatTakesTheLeaveWhileADocumentIsPlannedOrAnsweredIsNoFailureOfTheRow() {
        for (String loop : List.of("plan", "query", "answer", "outcome")) {
            AtomicBoolean killed = new AtomicBoolean();
            LanguageModel model = with(new TableNetwork(batch -> false)).withCancellationCheck(() -> {
                if (killed.get()) {
                    throw new IllegalStateException("killed");
                }
            });
            Iterator<Outcome<String>> outcomes = new Scorer<>(model, loopingIn(loop, killed), 512)
                    .score(List.of(Document.of("doc", "[MASK] a")).iterator());

            assertThatThrownBy(outcomes::next).as(loop).hasMessage("killed");
        }
    }

    /** A task that is killed within the loop {@code name}. */
    private static ScoringTask<String> loopingIn(String name, AtomicBoolean killed) {
        return (ScoringTask<String>) (document, model) -> {
            Consumer<String> loop = here -> {
                killed.set(killed.get() || here.equals(name));
                model.requireNotCancelled();
            };
            loop.accept("plan");
            Query query = query(document, new AtomicInteger());
            Iterator<Query> queries = Stream.of(query)
                    .peek(any -> loop.accept("query"))
                    .map(any -> new Query(any.variant(), predictions -> loop.accept("answer")))
                    .iterator();
            return new Plan<>(queries, () -> {
                loop.accept("outcome");
                return Outcome.of("fine");
            });
        };
    }

    /** Its masks fill thousands of windows. */
    @Test
    void everyMaskOfATextAsksForLeave() {
        AtomicInteger asked = new AtomicInteger();
        LanguageModel model = with(new TableNetwork(batch -> false)).withCancellationCheck(asked::incrementAndGet);

        new Scorer<>(model, FILL, 512)
                .score(List.of(Document.of("doc", "[MASK] ".repeat(500))).iterator())
                .next();

        // Where it is placed in a window, and where it is filled.
        assertThat(asked).hasValueGreaterThan(2 * 500);
    }

    @Test
    void aTaskThatFailsOnOneDocumentLeavesTheOthersAlone() {
        ScoringTask<String> task = (ScoringTask<String>) (document, model) -> {
            if (document.document().id().equals("bad")) {
                throw new IllegalStateException("no plan");
            }
            return new Plan<>(List.<Query>of().iterator(), () -> Outcome.of("fine"));
        };
        List<Document> documents = List.of(Document.of("1", "a"), Document.of("bad", "a"), Document.of("2", "a"));

        List<Outcome<String>> outcomes = outcomes(new TableNetwork(batch -> false), task, documents.iterator());

        assertThat(outcomes).extracting(Outcome::status).containsExactly(Status.OK, Status.FAILED, Status.OK);
    }

    private static Query query(TokenizedDocument document, AtomicInteger answered) {
        Variant variant = new Variant(document.ids(), document.typeIds(), new int[] {1}, 1, new long[][] {{}});
        return new Query(variant, predictions -> answered.incrementAndGet());
    }

    private LanguageModel with(TableNetwork network) {
        return new LanguageModel(
                tiny.tokenizer(), network, tiny.special(), tiny.positionLimit(), tiny.vocabularySize());
    }

    private <R> List<Outcome<R>> outcomes(TableNetwork network, ScoringTask<R> task, Iterator<Document> documents) {
        List<Outcome<R>> outcomes = new ArrayList<>();
        new Scorer<>(with(network), task, 512).score(documents).forEachRemaining(outcomes::add);
        return outcomes;
    }

    private List<String> tokens(TableNetwork network, List<Document> documents) {
        return tokens(network, new Metrics(), documents);
    }

    private List<String> tokens(TableNetwork network, Metrics metrics, List<Document> documents) {
        List<String> tokens = new ArrayList<>();
        new Scorer<>(with(network), FILL, 512)
                .metered(metrics)
                .score(documents.iterator())
                .forEachRemaining(outcome -> tokens.add(
                        outcome.value().orElseThrow().get(0).candidates().get(0).tokenText()));
        return tokens;
    }
}
