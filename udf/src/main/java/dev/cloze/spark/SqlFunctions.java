package dev.cloze.spark;

import dev.cloze.executor.DocumentScoreRows;
import dev.cloze.executor.RewriteRows;
import dev.cloze.spark.ArrayRows.Reasons;
import dev.cloze.spark.Call.Input;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.Cast$;
import org.apache.spark.sql.catalyst.expressions.Divide;
import org.apache.spark.sql.catalyst.expressions.EqualTo;
import org.apache.spark.sql.catalyst.expressions.Exp;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.If;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.UnaryMinus;
import org.apache.spark.sql.catalyst.expressions.aggregate.Sum;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.DataTypes;

/** The functions that {@link ClozeExtensions} registers. Those of one text share one run of the model. */
final class SqlFunctions {
    private static final String TEXT = "text - a string; NULL and texts without a result give NULL";
    private static final String SETTINGS = "The settings spark.cloze.model, .device, .batch-tokens and .long apply";
    private static final String METHOD = SETTINGS + ", and .method (pll, pll-word, causal) and .bos.";

    private SqlFunctions() {}

    static List<SqlFunction> all() {
        return List.of(
                new SqlFunction(
                        "fill_mask(text[, top_k[, targets]])",
                        "The most probable fillings of every mask in `text`, best first: array<struct<position int, start"
                                + " int, end int, candidates array<struct<score double, token int, token_str string, sequence"
                                + " string>>>>.",
                        List.of(
                                TEXT + "; masks are written as the model's mask token, [MASK] for BERT",
                                "top_k - candidates of each mask, an int (default: 5; all targets)",
                                "targets - an array of words: only these are filled in"),
                        List.of(
                                "SELECT _FUNC_('The capital of France is [MASK].', 1)[0].candidates[0].token_str;",
                                "paris"),
                        SETTINGS + ", and .targets-mode (word, hf) and .clean-up.",
                        SqlFunctions::fillMask),
                new SqlFunction(
                        "pseudo_log_likelihood(text)",
                        "The log-likelihood of `text` in nats: the sum over its tokens, each hidden in turn (Salazar et al."
                                + " 2020).",
                        List.of(TEXT),
                        List.of("SELECT _FUNC_('The traveler lost the souvenir.');", "-13.4"),
                        METHOD,
                        given -> {
                            Expression score = score(given);
                            return Markers.whenOk(score, new UnaryMinus(Markers.field(score, "nll")));
                        }),
                new SqlFunction(
                        "perplexity(text)",
                        "exp of the mean negative log-likelihood of the tokens of `text`.",
                        List.of(TEXT),
                        List.of("SELECT _FUNC_('The traveler lost the souvenir.');", "6.9"),
                        METHOD,
                        given -> {
                            Expression score = score(given);
                            return Markers.whenOk(score, Markers.field(score, "perplexity"));
                        }),
                new SqlFunction(
                        "token_surprisal(text)",
                        "How little each token of `text` was expected: array<struct<token string, start int, end int, nll"
                                + " double>>, nats, with offsets in UTF-16 units.",
                        List.of(TEXT),
                        List.of("SELECT _FUNC_('Hello world!')[0].token;", "hello"),
                        METHOD,
                        given -> {
                            Expression score = Markers.of(
                                    calls().score(DocumentScoreRows.ofTokens(), List.of(Input.TEXT)),
                                    List.of(given.text()));
                            return Markers.whenOk(score, Markers.field(score, "surprisals"));
                        }),
                new SqlFunction(
                        "augment(text, n)",
                        "Up to `n` other sentences of `text`, words of which are replaced by the model: array<struct<variant"
                                + " int, text string, edits array<struct<start int, end int, original string, replacement"
                                + " string, probability double, rank int>>, pll_change double>>.",
                        List.of(TEXT, "n - how many, an int"),
                        List.of(
                                "SELECT _FUNC_('The film was long but good.', 1)[0].text;",
                                "The trip was long but good."),
                        SETTINGS + ", and those of bin/cloze augment under spark.cloze.augment. Draws depend on"
                                + " spark.cloze.augment.seed and on the text, on nothing else.",
                        SqlFunctions::augment),
                new SqlFunction(
                        "embed(text)",
                        "The hidden states of the model's last layer, pooled: array<float>.",
                        List.of(TEXT),
                        List.of("SELECT size(_FUNC_('Hello world!'));", "768"),
                        SETTINGS + ", and .pooling (mean, cls).",
                        given -> {
                            Expression vector = Markers.of(calls().embed(List.of(Input.TEXT)), List.of(given.text()));
                            return Markers.whenOk(vector, Markers.field(vector, "vector"));
                        }),
                new SqlFunction(
                        "corpus_perplexity(text)",
                        "The perplexity of all texts of a group together: exp of the mean over their tokens, not over"
                                + " texts.",
                        List.of("text - a string; NULL and texts without a result do not count"),
                        List.of("SELECT _FUNC_(col1) FROM VALUES ('Hello world!'), ('Goodbye, world!');", "56.1"),
                        METHOD + " An expression of two sums: FILTER, DISTINCT and OVER do not apply to it.",
                        SqlFunctions::corpusPerplexity));
    }

    private static Calls calls() {
        return Calls.with(Sequences.map(SQLConf.get().getAllConfs()));
    }

    private static Expression fillMask(Arguments given) {
        Call<?> call = calls().fillMask(given.constant(1, 1), given.strings(2), List.of(Input.TEXT));
        Expression filled = Markers.of(call, List.of(given.text()));
        return Markers.whenOk(filled, Markers.field(filled, "masks"));
    }

    private static Expression score(Arguments given) {
        Call<?> call = calls().score(DocumentScoreRows.ofDocuments(), List.of(Input.TEXT));
        return Markers.of(call, List.of(given.text()));
    }

    private static Expression augment(Arguments given) {
        Call<?> call = calls().augment(
                        new ArrayRows<>(new RewriteRows(), Reasons.LEFT_OUT), List.of(Input.TEXT, Input.VARIANTS));
        Expression rewritten = Markers.of(call, List.of(given.text(), given.number(1, 1)));
        return Markers.whenOk(rewritten, Markers.field(rewritten, ArrayRows.ROWS));
    }

    /** Texts without a result have sums of 0. */
    private static Expression corpusPerplexity(Arguments given) {
        Expression score = score(given);
        Expression nll = new Sum(Markers.field(score, "nll")).toAggregateExpression();
        Expression tokens = new Sum(Markers.field(score, "tokens_scored")).toAggregateExpression();
        Expression divisor = Cast$.MODULE$.apply(tokens, DataTypes.DoubleType, true);
        return new If(
                new EqualTo(tokens, Literal.create(0L, DataTypes.LongType)),
                Literal.create(null, DataTypes.DoubleType),
                new Exp(new Divide(nll, divisor)));
    }
}
