package dev.cloze.job.summary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.cloze.stats.CorpusState;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class CorpusReportTest {
    private static final Offset<Double> ROUNDING = within(1e-12);

    private static CorpusSummary summary(String... groupBy) {
        return new CorpusSummary("pll", "digest", false, List.of(groupBy), List.of());
    }

    private static CorpusSummary sample() {
        return new CorpusSummary("mlm", "digest", true, List.of(), List.of());
    }

    private static RunState of(CorpusState state, String... group) {
        return new RunState("run", Arrays.asList(group), state);
    }

    /** Every figure of a document whose tokens are certain is a whole number. */
    @Test
    void theFileHasTheseNamesInThisOrder() throws JsonProcessingException {
        CorpusState state = CorpusState.empty();
        state.add(4, 4, 3, 20, 0);
        state.addUnscored();
        CorpusSummary summary = new CorpusSummary("pll", "digest", false, List.of("lang", "source"), List.of("b", "a"));

        assertThat(Documents.json(summary.report(List.of(of(state, "en", null)))))
                .isEqualTo("""
                {
                  "method" : "pll",
                  "model" : "digest",
                  "merged" : [ "a", "b" ],
                  "corpus" : {
                    "rows" : 2,
                    "documents" : 1,
                    "tokens" : 4,
                    "tokens_scored" : 4,
                    "words" : 3,
                    "bytes" : 20,
                    "nll" : 0.0,
                    "cross_entropy" : 0.0,
                    "perplexity" : 1.0,
                    "word_perplexity" : 1.0,
                    "bits_per_byte" : 0.0,
                    "mean_document_perplexity" : 1.0,
                    "document_perplexity_min" : 1.0,
                    "document_perplexity_p5" : 1.0,
                    "document_perplexity_p25" : 1.0,
                    "document_perplexity_p50" : 1.0,
                    "document_perplexity_p75" : 1.0,
                    "document_perplexity_p95" : 1.0,
                    "document_perplexity_max" : 1.0,
                    "head" : 1.0,
                    "middle" : 0.0,
                    "tail" : 0.0
                  },
                  "groups" : [ {
                    "group" : {
                      "lang" : "en",
                      "source" : null
                    },
                    "rows" : 2,
                    "documents" : 1,
                    "tokens" : 4,
                    "tokens_scored" : 4,
                    "words" : 3,
                    "bytes" : 20,
                    "nll" : 0.0,
                    "cross_entropy" : 0.0,
                    "perplexity" : 1.0,
                    "word_perplexity" : 1.0,
                    "bits_per_byte" : 0.0,
                    "mean_document_perplexity" : 1.0,
                    "document_perplexity_min" : 1.0,
                    "document_perplexity_p5" : 1.0,
                    "document_perplexity_p25" : 1.0,
                    "document_perplexity_p50" : 1.0,
                    "document_perplexity_p75" : 1.0,
                    "document_perplexity_p95" : 1.0,
                    "document_perplexity_max" : 1.0,
                    "head" : 1.0,
                    "middle" : 0.0,
                    "tail" : 0.0
                  } ]
                }
                """);
    }

    @Test
    void anEmptyCorpusHasNoFigures() throws JsonProcessingException {
        assertThat(Documents.json(summary().report(List.of()))).isEqualTo("""
                {
                  "method" : "pll",
                  "model" : "digest",
                  "merged" : [ ],
                  "corpus" : {
                    "rows" : 0,
                    "documents" : 0
                  }
                }
                """);
        assertThat(Documents.json(sample().report(List.of()))).contains("\"rows\" : 0,\n    \"documents\" : 0\n  }");
        assertThat(Documents.json(summary("lang").report(List.of()))).contains("\"groups\" : [ ]");
    }

    @Test
    void rowsThatWereNotScoredCountAsRowsOnly() throws JsonProcessingException {
        CorpusReport report =
                summary("lang").report(List.of(of(Documents.ofNlls(1), "en"), of(Documents.unscored(), "de")));

        assertThat(report.corpus().rows()).isEqualTo(2);
        assertThat(report.corpus().documents()).isEqualTo(1);
        assertThat(Documents.json(report)).contains("""
                    "group" : {
                      "lang" : "de"
                    },
                    "rows" : 1,
                    "documents" : 0
                  }, {
                """.stripTrailing());
    }

    /** The percentiles by numpy's rule: the p5 of five numbers is a fifth of the way from the first to the second. */
    @Test
    void figuresAreThoseOfHandComputation() {
        CorpusFigures corpus = summary()
                .report(List.of(of(Documents.ofPerplexities(30, 10, 50, 20, 40))))
                .corpus();

        CorpusFigures.Likelihood likelihood = corpus.likelihood();
        double product = 10.0 * 20 * 30 * 40 * 50;
        assertThat(likelihood.tokens()).isEqualTo(5);
        assertThat(likelihood.words()).isEqualTo(10);
        assertThat(likelihood.bytes()).isEqualTo(100);
        assertThat(likelihood.nll()).isCloseTo(Math.log(product), ROUNDING);
        assertThat(likelihood.crossEntropy()).isCloseTo(Math.log(product) / 5, ROUNDING);
        assertThat(likelihood.perplexity()).isCloseTo(Math.pow(product, 1 / 5.0), ROUNDING);
        assertThat(likelihood.wordPerplexity()).isCloseTo(Math.pow(product, 1 / 10.0), ROUNDING);
        assertThat(likelihood.bitsPerByte()).isCloseTo(Math.log(product) / Math.log(2) / 100, ROUNDING);
        CorpusFigures.DocumentPerplexities perplexities = corpus.perplexities();
        assertThat(perplexities.mean()).isCloseTo(30, ROUNDING);
        assertThat(perplexities.min()).isCloseTo(10, ROUNDING);
        assertThat(perplexities.p5()).isCloseTo(12, ROUNDING);
        assertThat(perplexities.p25()).isCloseTo(20, ROUNDING);
        assertThat(perplexities.p50()).isCloseTo(30, ROUNDING);
        assertThat(perplexities.p75()).isCloseTo(40, ROUNDING);
        assertThat(perplexities.p95()).isCloseTo(48, ROUNDING);
        assertThat(perplexities.max()).isCloseTo(50, ROUNDING);
    }

    /** The first third of five documents is the fewest that are at least a third: two; two thirds are four. */
    @Test
    void groupsAreSharedOutAmongTheThirdsOfTheCorpus() {
        CorpusReport report = summary("lang")
                .report(List.of(
                        of(Documents.ofPerplexities(10, 20, 50), "en"), of(Documents.ofPerplexities(30, 40), "pt")));

        assertThirds(report.corpus(), 2 / 5.0, 2 / 5.0, 1 / 5.0);
        assertThirds(report.groups().get(0).figures(), 2 / 3.0, 0, 1 / 3.0);
        assertThirds(report.groups().get(1).figures(), 0, 1, 0);
    }

    private static void assertThirds(CorpusFigures figures, double head, double middle, double tail) {
        assertThat(figures.thirds().head()).isCloseTo(head, ROUNDING);
        assertThat(figures.thirds().middle()).isCloseTo(middle, ROUNDING);
        assertThat(figures.thirds().tail()).isCloseTo(tail, ROUNDING);
    }

    @Test
    void statesOfSeveralRunsAddUpToOneCorpus() {
        CorpusFigures added = summary("lang")
                .report(List.of(
                        new RunState("tonight", List.of("en"), Documents.ofNlls(2, 4)),
                        new RunState("earlier", List.of("en"), Documents.ofNlls(7)),
                        new RunState("earlier", List.of("en"), Documents.unscored())))
                .groups()
                .get(0)
                .figures();

        CorpusState together = Documents.ofNlls(2, 4, 7);
        together.addUnscored();
        assertThat(added).isEqualTo(CorpusFigures.of(together, together));
        assertThat(added.rows()).isEqualTo(4);
    }

    @Test
    void groupsStandByTheirNamesAndMissingNamesFirst() {
        CorpusState state = Documents.ofNlls(1);

        CorpusReport report = summary("lang", "source")
                .report(List.of(
                        of(state, "en", "web"),
                        of(state, "de", "web"),
                        of(state, "en", null),
                        of(state, null, "web"),
                        of(state, "en", "books"),
                        of(state, "en", "web")));

        assertThat(report.groups())
                .extracting(group -> group.names().values().toString())
                .containsExactly("[null, web]", "[de, web]", "[en, null]", "[en, books]", "[en, web]");
        assertThat(report.groups())
                .extracting(group -> group.figures().documents())
                .containsExactly(1L, 1L, 1L, 1L, 2L);
    }

    @Test
    void whereTokensAreSampledNothingIsSaidOfWordsAndBytes() throws JsonProcessingException {
        List<RunState> states = List.of(of(Documents.ofNlls(3)));

        assertThat(Documents.json(sample().report(states)))
                .contains("\"perplexity\" : 20.08553692318766")
                .contains("\"word_perplexity\" : null,\n    \"bits_per_byte\" : null,\n");
        assertThat(summary().report(states).corpus().likelihood().bitsPerByte()).isPositive();
    }

    /** exp(800) is beyond all numbers. */
    @Test
    void aPerplexityBeyondAllNumbersIsWrittenAsText() throws JsonProcessingException {
        CorpusReport report = summary().report(List.of(of(Documents.ofNlls(800))));

        assertThat(Documents.json(report))
                .contains("\"cross_entropy\" : 800.0")
                .contains("\"perplexity\" : \"Infinity\"")
                .contains("\"word_perplexity\" : 5.221469689764144E173")
                .contains("\"document_perplexity_p50\" : \"Infinity\"");
    }

    @Test
    void secretsInThePlacesOfEarlierRunsAreNotWritten() {
        CorpusSummary summary =
                new CorpusSummary("pll", "digest", false, List.of(), List.of("s3a://key:hunter22@bucket/out"));

        assertThat(summary.report(List.of()).merged().toString())
                .contains("bucket/out")
                .doesNotContain("hunter22");
    }
}
