package dev.cloze.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.ErrorMessageFormat;
import org.apache.spark.SparkThrowableHelper;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SqlFunctionsIT {
    private static final List<String> TEXTS = List.of(
            "the capital of france is [MASK] .",
            "[MASK] and [MASK]",
            "no mask at all",
            "the man worked as a [MASK]",
            "Ünï [MASK] 😀",
            "");

    private final SparkSession spark = Sessions.spark();

    @BeforeEach
    void texts() {
        spark.createDataset(TEXTS, Encoders.STRING()).toDF("text").createOrReplaceTempView("texts");
    }

    @AfterEach
    void noSettings() {
        for (String key : List.of(
                "method",
                "long",
                "top",
                "batch-tokens",
                "pooling",
                "top-k",
                "targets",
                "augment.stopwords",
                "augment.min-probability",
                "augment.ignore",
                "augment.protect",
                "augment.seed",
                "augment.share",
                "augment.shar",
                "modle",
                "targets-mode")) {
            spark.conf().unset("spark.cloze." + key);
        }
    }

    /** Of each text, in the order of {@link #TEXTS}. */
    private List<Object> values(String call) {
        return spark.sql("SELECT " + call + " FROM texts").collectAsList().stream()
                .map(row -> row.get(0))
                .collect(Collectors.toList());
    }

    private static void assertSame(List<Object> found, List<JsonNode> rows, String path) {
        assertThat(found).hasSameSizeAs(rows);
        for (int i = 0; i < rows.size(); i++) {
            boolean ok = rows.get(i).get("status").asText().equals("ok");
            JsonNode expected = ok ? rows.get(i).get(path) : Commands.json(null);
            Commands.assertSame(Commands.json(found.get(i)), expected);
        }
    }

    @Test
    void fillMaskGivesWhatTheCommandGives() throws Exception {
        assertSame(values("fill_mask(text)"), Commands.rows("fill-mask", TEXTS), "masks");
        assertSame(values("fill_mask(text, 2)"), Commands.rows("fill-mask", TEXTS, "--top-k", "2"), "masks");
        assertSame(
                values("fill_mask(text, 2, array('he', 'the', 'paris'))"),
                Commands.rows("fill-mask", TEXTS, "--top-k", "2", "--targets", "he,the,paris"),
                "masks");
    }

    @ParameterizedTest
    @ValueSource(strings = {"pll", "pll-word"})
    void perplexitiesAreThoseOfTheCommand(String method) throws Exception {
        spark.conf().set("spark.cloze.method", method);

        List<JsonNode> rows = Commands.rows("perplexity", TEXTS, "--method", method, "--tokens");

        assertSame(values("perplexity(text)"), rows, "perplexity");
        assertSame(values("-pseudo_log_likelihood(text)"), rows, "nll");
        assertSame(values("token_surprisal(text)"), rows, "surprisals");
        double nll = rows.stream().mapToDouble(row -> row.get("nll").asDouble()).sum();
        long tokens = rows.stream()
                .mapToLong(row -> row.get("tokens_scored").asLong())
                .sum();
        assertThat((double) spark.sql("SELECT corpus_perplexity(text) FROM texts")
                        .head()
                        .get(0))
                .isCloseTo(Math.exp(nll / tokens), Percentage.withPercentage(1e-3));
    }

    @Test
    void vectorsAreThoseOfTheCommand() throws Exception {
        assertSame(values("embed(text)"), Commands.rows("embed", TEXTS), "vector");
    }

    /** In SQL a text is its own id. */
    @Test
    void candidatesAreThoseOfTheCommandForRowsThatAreTheirOwnIds() throws Exception {
        spark.conf().set("spark.cloze.augment.seed", 7);
        spark.conf().set("spark.cloze.augment.share", "0.5");
        String text = "the man worked as a waiter in the capital of france .";
        Path corpus = Files.createTempFile("corpus", ".csv");
        Files.writeString(corpus, "id,text\n" + text + "," + text + "\n");

        List<JsonNode> rows = Commands.run(List.of(
                "augment",
                "--stopwords=none",
                "--names=replace",
                "--allow-repeats",
                "--min-probability=0",
                "--model",
                Sessions.tiny().directory().toString(),
                "--json",
                "--input",
                corpus.toString(),
                "--id-column",
                "id",
                "--variants",
                "4",
                "--seed",
                "7",
                "--share",
                "0.5"));
        Files.delete(corpus);
        JsonNode found = Commands.json(
                spark.sql("SELECT augment('" + text + "', 4)").head().get(0));

        assertThat(found).hasSize(4);
        for (int i = 0; i < 4; i++) {
            for (String name : List.of("variant", "text", "edits", "pll_change")) {
                Commands.assertSame(found.get(i).get(name), rows.get(i).get(name));
            }
        }
    }

    @Test
    void anotherSeedGivesOtherCandidates() {
        String call = "augment('the man worked as a waiter in the capital of france .', 3).text";
        Object first = spark.sql("SELECT " + call).head().get(0);
        Object again = spark.sql("SELECT " + call).head().get(0);
        spark.conf().set("spark.cloze.augment.seed", 8);
        Object other = spark.sql("SELECT " + call).head().get(0);

        assertThat(again).isEqualTo(first);
        assertThat(other).isNotEqualTo(first);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "fill_mask",
                "pseudo_log_likelihood",
                "perplexity",
                "token_surprisal",
                "embed",
                "corpus_perplexity"
            })
    void nullGivesNull(String function) {
        assertThat(spark.sql("SELECT " + function + "(NULL)").head().isNullAt(0))
                .isTrue();
        assertThat(spark.sql("SELECT " + function + "(CAST(NULL AS STRING))")
                        .head()
                        .isNullAt(0))
                .isTrue();
    }

    @Test
    void nullOrNoNumberOfCandidatesGivesNone() {
        assertThat(spark.sql("SELECT augment(NULL, 2)").head().isNullAt(0)).isTrue();
        assertThat(spark.sql("SELECT size(augment('a b c', n)) FROM VALUES (CAST(NULL AS INT)), (0) AS t(n)")
                        .collectAsList())
                .allMatch(row -> row.getInt(0) == 0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "perplexity(1) | Cannot call perplexity: text is an int, not a string; write perplexity(text), see DESCRIBE FUNCTION"
                        + " EXTENDED perplexity",
                "fill_mask() | Cannot call fill_mask: it has 0 arguments; write fill_mask(text[, top_k[, targets]]), see DESCRIBE"
                        + " FUNCTION EXTENDED fill_mask",
                "embed('a', 'b') | Cannot call embed: it has 2 arguments; write embed(text), see DESCRIBE FUNCTION EXTENDED embed",
                "fill_mask('a', 'b') | Cannot call fill_mask: top_k is a string, not an int;",
                "fill_mask('a', 0) | Cannot call fill_mask: top_k must be at least 1, it is 0;",
                "fill_mask('a', length(text)) | Cannot call fill_mask: top_k must be the same for all rows;",
                "fill_mask('a', 1, 'he') | Cannot call fill_mask: targets is a string, not an array of strings;",
                "fill_mask('a', 1, array()) | Cannot call fill_mask: targets is an array<void>, not an array of strings;",
                "fill_mask('a', 1, array('😀')) | Cannot use the targets \"😀\": the model's vocabulary cannot spell them; leave"
                        + " them out",
                "fill_mask('a', top_k => 3) | Cannot call fill_mask: it knows its arguments by their places, not by names;",
                "augment('a') | Cannot call augment: it has 1 argument; write augment(text, n)",
                "augment('a', 'b') | Cannot call augment: n is a string, not an int;",
                "augment('a', 0) | Cannot call augment: n must be at least 1, it is 0;",
                "augment(text, text) | Cannot call augment: n is a string, not an int;",
                "augment(text, 1000000000) | Cannot call augment: n must be at most 10000, it is 1000000000;",
                "fill_mask('a', 2147483647) | Cannot call fill_mask: top_k must be at most 10000, it is 2147483647;",
                "fill_mask('a', 1, sequence(1, 3)) | Cannot call fill_mask: targets is an array<int>, not an array of strings;",
                "fill_mask('a', 1, array_repeat('he', 20000)) | Cannot call fill_mask: targets must be at most 10000 words, there"
                        + " are 20000;",
                "fill_mask('a', CAST(1 / 0 AS INT)) | Cannot call fill_mask: top_k cannot be computed: [DIVIDE_BY_ZERO",
                "cloze_result('a', 'fill') | Cannot call cloze_result: the command must be one of fill-mask, perplexity, augment,"
                        + " embed, it is fill;",
                "cloze_result('a', 'embed', map('pooling', 'x')) | Cannot read the settings spark.cloze.*: spark.cloze.pooling must"
                        + " be mean or cls (a vector for each token is what bin/cloze embed writes), it is x;",
                "cloze_result('a', 'fill-mask', map('top-k', '0')) | Cannot read the settings spark.cloze.*: spark.cloze.top-k must"
                        + " be a whole number from 1 to 10000, it is 0;",
                "cloze_result('a', 'embed', array(1)) | Cannot call cloze_result: options is an array<int>, not a map of strings to"
                        + " strings;",
            })
    void argumentsAreCheckedWhenAQueryIsAnalysed(String call, String message) {
        assertOneLine(() -> spark.sql("SELECT " + call + " FROM texts"), message.strip());
    }

    /** Clients print such an error without a trace: it is Spark's own, has a condition that Spark knows, a place, and no cause. */
    private static void assertOneLine(ThrowingCallable query, String message) {
        assertThatThrownBy(query)
                .isInstanceOfSatisfying(AnalysisException.class, error -> {
                    assertThat(error.getCondition()).isEqualTo("FAILED_FUNCTION_CALL");
                    assertThat(error.getSqlState()).isEqualTo("38000");
                    assertThat(error.getMessageParameters().get("reason")).startsWith(message);
                    assertThat(error.getMessage().lines()).hasSize(1);
                    assertThat(SparkThrowableHelper.getMessage(error, ErrorMessageFormat.STANDARD()))
                            .contains("\"reason\"");
                })
                .hasNoCause()
                .hasMessageStartingWith("[FAILED_FUNCTION_CALL] " + message)
                .hasMessageEndingWith(" SQLSTATE: 38000; line 1 pos 7");
    }

    @ParameterizedTest
    @CsvSource({
        "modle, x",
        "method, plll",
        "long, no",
        "device, gpu7",
        "batch-tokens, 0",
        "batch-tokens, 99999999999",
        "clean-up, perhaps",
        "targets-mode, x",
        "pooling, tokens",
        "augment.share, 2",
        "augment.max, 1000000",
        "augment.pieces, 4",
        "augment.stopwords, xx",
        "augment.stopwords, /etc/passwd",
        "augment.names, x",
        "model, bert-base-uncasd",
        "model, file:/nowhere/model",
        "model, /nowhere",
        "method, causal"
    })
    void everyWrongSettingIsOneLine(String key, String value) {
        String before = spark.conf().get("spark.cloze." + key, null);
        spark.conf().set("spark.cloze." + key, value);
        try {
            assertOneLine(() -> spark.sql("SELECT " + callThatReads(key)), "Cannot ");
        } finally {
            if (before == null) {
                spark.conf().unset("spark.cloze." + key);
            } else {
                spark.conf().set("spark.cloze." + key, before);
            }
        }
    }

    private static String callThatReads(String key) {
        if (key.startsWith("augment.")) {
            return "augment('a', 1)";
        }
        return switch (key) {
            case "pooling" -> "embed('a')";
            case "clean-up", "targets-mode" -> "fill_mask('a [MASK]')";
            default -> "perplexity('a')";
        };
    }

    @Test
    void aValueWithControlCharactersStaysOneLine() {
        spark.conf().set("spark.cloze.method", "a\n\u001b[31mb");

        assertOneLine(() -> spark.sql("SELECT perplexity('a')"), "Cannot read the settings spark.cloze.*: ");
    }

    @Test
    void aResultHasAnAnswerOrAReasonForEveryRow() throws Exception {
        assertSame(
                values("cloze_result(text, 'perplexity', map('method', 'pll-word', 'tokens', 'true'))"),
                Commands.rows("perplexity", TEXTS, "--method", "pll-word", "--tokens"));
        assertSame(
                values("cloze_result(text, 'fill-mask', map('top-k', '2', 'targets', 'he,the,paris'))"),
                Commands.rows("fill-mask", TEXTS, "--top-k", "2", "--targets", "he,the,paris"));
        assertSame(values("cloze_result(text, 'embed')"), Commands.rows("embed", TEXTS));
        Row none = spark.sql("SELECT cloze_result('42', 'augment').rows[0] r")
                .head()
                .getStruct(0);
        assertThat(none.getString(none.fieldIndex("status"))).isEqualTo("no-candidate");
        assertThat(none.getString(none.fieldIndex("error"))).startsWith("Cannot augment the text: ");
    }

    private static void assertSame(List<Object> found, List<JsonNode> rows) {
        assertThat(found).hasSameSizeAs(rows);
        for (int i = 0; i < rows.size(); i++) {
            Commands.assertSame(Commands.json(found.get(i)), rows.get(i));
        }
    }

    /** More than a constant may be: the row has no result, and the transformation says why. */
    @Test
    void aRowThatWantsTooManyCandidatesFailsAlone() {
        assertThat(spark.sql(
                                "SELECT augment('the capital of france', n) FROM VALUES (1), (1000000000) AS t(n) ORDER BY n")
                        .collectAsList())
                .extracting(row -> row.isNullAt(0))
                .containsExactly(false, true);
    }

    @Test
    void everythingThatIsWrongWithSettingsIsSaidAtOnce() {
        spark.conf().set("spark.cloze.modle", "x");
        spark.conf().set("spark.cloze.method", "plll");
        spark.conf().set("spark.cloze.batch-tokens", "0");

        assertThatThrownBy(() -> spark.sql("SELECT perplexity('a')"))
                .hasMessageStartingWith("[FAILED_FUNCTION_CALL] Cannot read the settings spark.cloze.*: 3 problems: ")
                .hasMessageContaining("spark.cloze.modle is no setting, did you mean spark.cloze.model?")
                .hasMessageContaining("spark.cloze.method must be one of pll, pll-word, causal, it is plll")
                .hasMessageContaining("spark.cloze.batch-tokens must be a whole number from 1 to 1000000, it is 0")
                .hasMessageContaining("; known are ");
    }

    @Test
    void aWrongSettingOfOneFunctionDoesNotBreakAnother() {
        spark.conf().set("spark.cloze.augment.share", "2");
        spark.conf().set("spark.cloze.augment.shar", "0.2");
        spark.conf().set("spark.cloze.pooling", "median");

        assertThat(spark.sql("SELECT perplexity('the capital') IS NULL").head().getBoolean(0))
                .isFalse();
        assertThatThrownBy(() -> spark.sql("SELECT embed('a')"))
                .hasMessageContaining("spark.cloze.pooling must be mean or cls")
                .hasMessageNotContaining("augment");
        assertThatThrownBy(() -> spark.sql("SELECT augment('a', 1)"))
                .hasMessageContaining("spark.cloze.augment.share must be between 0 and 1, it is 2")
                .hasMessageContaining("spark.cloze.augment.shar is no setting, did you mean spark.cloze.augment.share?")
                .hasMessageNotContaining("pooling");
    }

    @Test
    void settingsOfFillMaskHoldWhereNoArgumentSaysOtherwise() {
        String call =
                "SELECT transform(fill_mask(%s)[0].candidates, c -> c.token_str) FROM VALUES ('the [MASK]') AS t(text)";
        List<String> three = spark.sql(call.formatted("text, 3")).head().getList(0);
        spark.conf().set("spark.cloze.top-k", "3");

        assertThat(spark.sql(call.formatted("text")).head().<String>getList(0)).isEqualTo(three);
        assertThat(spark.sql(call.formatted("text, 2")).head().<String>getList(0))
                .isEqualTo(three.subList(0, 2));

        spark.conf().set("spark.cloze.targets", "france,capital");
        assertThat(spark.sql(call.formatted("text")).head().<String>getList(0))
                .containsExactlyInAnyOrder("france", "capital");
        assertThat(spark.sql(call.formatted("text, 1, array('paris')")).head().<String>getList(0))
                .containsExactly("paris");
    }

    @Test
    void wordsThatAugmentLeavesAloneAreSettings() {
        String call = "SELECT array_distinct(flatten(transform(augment('the capital of france', 8), v ->"
                + " transform(v.edits, e -> e.original))))";
        spark.conf().set("spark.cloze.augment.share", "1");
        spark.conf().set("spark.cloze.augment.stopwords", "none");
        spark.conf().set("spark.cloze.augment.min-probability", "0");
        assertThat(spark.sql(call).head().<String>getList(0))
                .containsExactlyInAnyOrder("the", "capital", "of", "france");

        spark.conf().set("spark.cloze.augment.ignore", "[a-e].*");
        spark.conf().set("spark.cloze.augment.protect", "of, or fr\\w+|of");
        assertThat(spark.sql(call).head().<String>getList(0)).containsExactlyInAnyOrder("the", "france");

        spark.conf().set("spark.cloze.augment.ignore", "(");
        assertThatThrownBy(() -> spark.sql(call))
                .hasMessageContaining("spark.cloze.augment.ignore ( is no regular expression: Unclosed group");
    }

    @Test
    void theManualOfAFunctionNamesItsSettingsAndNoOthers() {
        String manual = String.join(
                "\n",
                spark.sql("DESCRIBE FUNCTION EXTENDED embed").collectAsList().stream()
                        .map(row -> row.getString(0))
                        .toList());

        assertThat(manual)
                .contains(
                        "spark.cloze.pooling - mean: of all tokens, special ones included",
                        "spark.cloze.batch-tokens - Tokens of a batch, padding included (default: ")
                .doesNotContain("augment", "spark.cloze.method");
    }

    @Test
    void aModelThatIsNotThereIsSaid() {
        String tiny = spark.conf().get("spark.cloze.model");
        spark.conf().set("spark.cloze.model", "bert-base-uncasd");
        try {
            assertThatThrownBy(() -> spark.sql("SELECT perplexity('a')"))
                    .hasMessageContaining("Cannot open model bert-base-uncasd: ")
                    .hasMessageContaining("did you mean bert-base-uncased?");
        } finally {
            spark.conf().set("spark.cloze.model", tiny);
        }
    }

    @Test
    void aMaskedModelHasNoCausalPerplexity() {
        spark.conf().set("spark.cloze.method", "causal");

        assertThatThrownBy(() -> spark.sql("SELECT perplexity('a')"))
                .hasMessageContaining("it is a masked language model");
    }

    @Test
    void describeFunctionIsAManual() {
        List<String> manual = spark.sql("DESCRIBE FUNCTION EXTENDED fill_mask").collectAsList().stream()
                .map(row -> row.getString(0))
                .toList();

        assertThat(String.join("\n", manual))
                .contains("Function: fill_mask")
                .contains("Usage: fill_mask(text[, top_k[, targets]]) - The most probable fillings")
                .contains("top_k - candidates of each mask")
                .contains("> SELECT fill_mask('The capital of France is [MASK].', 1)")
                .contains("spark.cloze.model");
    }

    @Test
    void aColumnIsNamedAsItsCallIsWritten() {
        assertThat(spark.sql("SELECT perplexity(text), fill_mask(text, 2)[0].candidates, augment(upper(text), 2).text,"
                                + " perplexity(text) + 1, corpus_perplexity(text) FROM texts GROUP BY text")
                        .columns())
                .containsExactly(
                        "perplexity(text)",
                        "fill_mask(text, 2)[0].candidates",
                        "augment(upper(text), 2).text",
                        "(perplexity(text) + 1)",
                        "corpus_perplexity(text)");
    }

    /** A call may stand wherever an expression may. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT count(*) FROM texts WHERE perplexity(text) > 0",
                "SELECT count(*) FROM (SELECT fill_mask(text)[0].candidates[0].token_str w FROM texts) WHERE w IS NOT NULL",
                "SELECT sum(n) FROM (SELECT size(fill_mask(text)) s, count(*) n FROM texts GROUP BY size(fill_mask(text)))",
                "SELECT round(avg(perplexity(text)), 3) FROM texts",
                "SELECT count(*) FROM texts a JOIN texts b ON a.text = b.text AND perplexity(a.text) > 0",
                "SELECT count(*) FROM texts WHERE text IN (SELECT text FROM texts WHERE perplexity(text) > 0)",
                "SELECT max(r) FROM (SELECT rank() OVER (ORDER BY perplexity(text)) r FROM texts)",
                "SELECT count(c.token_str) FROM texts LATERAL VIEW explode(fill_mask(text)[0].candidates) AS c",
                "WITH scored AS (SELECT perplexity(text) p FROM texts) SELECT count(p) FROM scored",
                "SELECT count(p) FROM (SELECT perplexity(text) p FROM texts UNION ALL SELECT perplexity(text) FROM texts)",
                "SELECT count(CASE WHEN text LIKE '%[MASK]%' THEN fill_mask(text)[0].start END) FROM texts",
                "SELECT count(perplexity(fill_mask(text, 1)[0].candidates[0].sequence)) FROM texts",
                "SELECT count(perplexity(concat(text, 'a'))) FROM texts HAVING corpus_perplexity(text) > 1"
            })
    void aCallStandsWhereverAnExpressionMay(String query) {
        assertThat(((Number) spark.sql(query).head().get(0)).doubleValue()).isPositive();
    }

    /** Spark says no where it would to a function of Python. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT transform(array(text), t -> perplexity(t)) FROM texts",
                "SELECT count(*) FROM texts a LEFT JOIN texts b ON perplexity(concat(a.text, b.text)) > 0",
                "SELECT count(*) FROM texts a RIGHT JOIN texts b ON perplexity(concat(a.text, b.text)) > 0",
                "SELECT count(*) FROM texts a FULL JOIN texts b ON perplexity(concat(a.text, b.text)) > 0",
                "SELECT count(*) FROM texts a LEFT ANTI JOIN texts b ON perplexity(concat(a.text, b.text)) > 0",
                "SELECT corpus_perplexity(text) FILTER (WHERE text > 'a') FROM texts",
                "SELECT corpus_perplexity(DISTINCT text) FROM texts",
                "SELECT corpus_perplexity(text) OVER (ORDER BY text) FROM texts"
            })
    void whatCannotBeDoneIsRefused(String query) {
        assertThatThrownBy(() -> spark.sql(query).collectAsList()).isInstanceOf(AnalysisException.class);
    }

    /** As README says: in the condition of an outer join a call reads one side, in that of an inner join both. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "LEFT JOIN | a.id = b.id AND perplexity(a.text) < 30 | a.id = b.id AND a.p < 30",
                "LEFT JOIN | a.id = b.id AND perplexity(b.text) < 30 | a.id = b.id AND b.p < 30",
                "LEFT JOIN | perplexity(a.text) < perplexity(b.text) | a.p < b.p",
                "RIGHT JOIN | a.id = b.id AND perplexity(a.text) < 30 | a.id = b.id AND a.p < 30",
                "RIGHT JOIN | a.id = b.id AND perplexity(b.text) < 30 | a.id = b.id AND b.p < 30",
                "FULL JOIN | a.id = b.id AND perplexity(a.text) < 30 | a.id = b.id AND a.p < 30",
                "LEFT ANTI JOIN | a.id = b.id AND perplexity(b.text) < 30 | a.id = b.id AND b.p < 30",
                "JOIN | perplexity(concat(a.text, b.text)) > 0 | true"
            })
    void aConditionOfAJoinMayCall(String join, String condition, String same) {
        spark.sql("SELECT id, concat('the man worked as a waiter ', repeat('[MASK] paris ', id % 4)) AS text,"
                        + " perplexity(concat('the man worked as a waiter ', repeat('[MASK] paris ', id % 4))) AS p FROM"
                        + " (SELECT CAST(id AS INT) id FROM range(6))")
                .createOrReplaceTempView("sided");

        assertThat(spark.sql("SELECT a.id FROM sided a " + join + " sided b ON " + condition + " ORDER BY 1")
                        .collectAsList())
                .isEqualTo(spark.sql("SELECT a.id FROM sided a " + join + " sided b ON " + same + " ORDER BY 1")
                        .collectAsList());
    }

    /** Spark analyses a view with settings of its own, in which ours are not. */
    @Test
    void aQueryThatIsCachedOrKeptAsAViewGivesTheSame() {
        List<Row> once = spark.sql("SELECT text, perplexity(text) p FROM texts").collectAsList();
        Dataset<Row> cached =
                spark.sql("SELECT text, perplexity(text) p FROM texts").cache();
        spark.sql("CREATE OR REPLACE TEMP VIEW scored AS SELECT text, perplexity(text) p FROM texts");

        for (List<Row> rows : List.of(
                cached.collectAsList(),
                cached.collectAsList(),
                spark.table("scored").collectAsList())) {
            for (int i = 0; i < once.size(); i++) {
                Commands.assertSame(Commands.json(rows.get(i)), Commands.json(once.get(i)));
            }
        }
        cached.unpersist();
    }

    /** Batches of rows of all lengths, more than are looked at together, in several partitions. */
    @Test
    void manyRowsComeOutInTheirOrder() {
        List<String> many = IntStream.range(0, 5000)
                .mapToObj(i -> i % 50 == 7 ? null : "a ".repeat(i % 23) + "[MASK] " + (char) ('a' + i % 26))
                .toList();
        Dataset<Row> rows = spark.createDataset(many, Encoders.STRING())
                .toDF("text")
                .repartition(3)
                .selectExpr("text", "fill_mask(text, 1)[0] AS m");

        List<Row> found = rows.collectAsList();

        assertThat(found).hasSize(5000);
        assertThat(found).allSatisfy(row -> {
            if (row.isNullAt(0)) {
                assertThat(row.isNullAt(1)).isTrue();
            } else {
                assertThat(row.getStruct(1).getInt(1))
                        .isEqualTo(row.getString(0).indexOf('['));
            }
        });
    }
}
