package dev.cloze.spark.catalyst;

import dev.cloze.augment.Supply;
import dev.cloze.rows.RewriteRows;
import dev.cloze.scoring.FillMask;
import dev.cloze.scoring.Targets;
import dev.cloze.spark.call.ArrayRows;
import dev.cloze.spark.call.ArrayRows.Reasons;
import dev.cloze.spark.call.Call;
import dev.cloze.spark.call.Call.Input;
import dev.cloze.spark.call.Calls;
import dev.cloze.spark.call.SessionSettings;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.SparkSessionExtensions;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Cast$;
import org.apache.spark.sql.catalyst.expressions.Divide;
import org.apache.spark.sql.catalyst.expressions.EqualTo;
import org.apache.spark.sql.catalyst.expressions.Exp;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.If;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.expressions.aggregate.Sum;
import org.apache.spark.sql.execution.SparkStrategy;
import org.apache.spark.sql.types.DataTypes;
import scala.Option;
import scala.Tuple3;
import scala.runtime.AbstractFunction1;

/** The functions of a session with {@code dev.cloze.spark.ClozeExtensions}. Those of one text share one run of the model. */
public final class SqlFunctions {
    private static final String TEXT = "text - a string; NULL and texts without a result give NULL";

    private SqlFunctions() {}

    /** Gives sessions the functions and the way to plan them. */
    public static void register(SparkSessionExtensions extensions) {
        all().forEach(function -> extensions.injectFunction(
                new Tuple3<>(new FunctionIdentifier(function.name()), function.info(), function.expression())));
        extensions.injectPlannerStrategy(new AbstractFunction1<SparkSession, SparkStrategy>() {
            @Override
            public SparkStrategy apply(SparkSession session) {
                return new ScoringStrategy();
            }
        });
    }

    private static List<SqlFunction> all() {
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
                        "",
                        Optional.of(SessionSettings.FILL_MASK),
                        SqlFunctions::fillMask),
                new SqlFunction(
                        "pseudo_log_likelihood(text)",
                        "The log-likelihood of `text` in nats: the sum over its tokens, each hidden in turn (Salazar et al."
                                + " 2020).",
                        List.of(TEXT),
                        List.of("SELECT round(_FUNC_('The traveler lost the souvenir.'), 4);", "-18.0147"),
                        "",
                        Optional.of(SessionSettings.PERPLEXITY),
                        given -> score("pseudo_log_likelihood", given, Part.negative("nll"))),
                new SqlFunction(
                        "perplexity(text)",
                        "exp of the mean negative log-likelihood of the tokens of `text`.",
                        List.of(TEXT),
                        List.of("SELECT round(_FUNC_('The traveler lost the souvenir.'), 4);", "9.5052"),
                        "",
                        Optional.of(SessionSettings.PERPLEXITY),
                        given -> score("perplexity", given, Part.field("perplexity"))),
                new SqlFunction(
                        "token_surprisal(text)",
                        "How little each token of `text` was expected: array<struct<token string, start int, end int, nll"
                                + " double>>, nats, with offsets in UTF-16 units.",
                        List.of(TEXT),
                        List.of("SELECT _FUNC_('Hello world!')[0].token;", "hello"),
                        "",
                        Optional.of(SessionSettings.PERPLEXITY),
                        given -> score("token_surprisal", given, Part.field("surprisals"))),
                new SqlFunction(
                        "augment(text, n)",
                        "Up to `n` other sentences of `text`, words of which are replaced by the model: array<struct<variant"
                                + " int, text string, edits array<struct<start int, end int, original string, replacement"
                                + " string, probability double, rank int>>, pll_change double>>.",
                        List.of(TEXT, "n - how many, an int"),
                        List.of("SELECT size(_FUNC_('The film was long but good.', 1));", "1"),
                        "Draws depend on spark.cloze.augment.seed and on the text, on nothing else.",
                        Optional.of(SessionSettings.AUGMENT),
                        SqlFunctions::augment),
                new SqlFunction(
                        "embed(text)",
                        "The hidden states of the model's last layer, pooled: array<float>.",
                        List.of(TEXT),
                        List.of("SELECT size(_FUNC_('Hello world!'));", "768"),
                        "",
                        Optional.of(SessionSettings.EMBED),
                        given -> Markers.of(
                                "embed",
                                calls().embed(List.of(Input.TEXT)),
                                Part.field("vector"),
                                given.expressions())),
                new SqlFunction(
                        "corpus_perplexity(text)",
                        "The perplexity of all texts of a group together: exp of the mean over their tokens, not over"
                                + " texts.",
                        List.of("text - a string; NULL and texts without a result do not count"),
                        List.of(
                                "SELECT round(_FUNC_(col1), 4) FROM VALUES ('Hello world!'), ('Goodbye, world!');",
                                "56.5323"),
                        "An expression of two sums: FILTER, DISTINCT and OVER do not apply to it.",
                        Optional.of(SessionSettings.PERPLEXITY),
                        SqlFunctions::corpusPerplexity),
                new SqlFunction(
                        "cloze_result(text, command[, options[, id]])",
                        "All that `bin/cloze COMMAND` writes of `text`, a struct of its columns with `status` and `error`: every"
                                + " row has an answer or a reason. Of augment, its field `rows` has an element for each row.",
                        List.of(
                                "text - a string",
                                "command - fill-mask, perplexity, augment or embed",
                                "options - a map of strings to strings: settings of the command without spark.cloze., for"
                                        + " this call alone",
                                "id - of the row; what is drawn depends on it, without it on the text"),
                        List.of(
                                "SELECT _FUNC_('Nothing is missing.', 'fill-mask', map('top-k', '1')).status;",
                                "no-mask"),
                        "The settings of each command are listed in the manual of its function: fill_mask, perplexity,"
                                + " augment, embed.",
                        Optional.empty(),
                        given -> Results.of(given, settings())));
    }

    /** With the session's settings, not SQLConf's: within a view those are the view's, and Spark keeps none of ours there. */
    private static Calls calls() {
        return new Calls(settings());
    }

    private static Map<String, String> settings() {
        return Sequences.map(SparkSession.active().conf().getAll());
    }

    private static Expression fillMask(Arguments given) {
        Call<?> call = calls().fillMask(
                        given.constant(1, FillMask.MOST_TOP_K), given.strings(2, Targets.MOST), List.of(Input.TEXT));
        return Markers.of("fill_mask", call, Part.field("masks"), given.expressions());
    }

    /** All of them ask for the figures of every token, so that they can share a run of the model. */
    private static Expression score(String name, Arguments given, Part part) {
        Call<?> call = calls().scoreTokens(List.of(Input.TEXT));
        return Markers.of(name, call, part, given.expressions());
    }

    private static Expression augment(Arguments given) {
        given.requireNumber(1, Supply.MOST_VARIANTS);
        Call<?> call = calls().augment(
                        new ArrayRows<>(new RewriteRows(), Reasons.LEFT_OUT), List.of(Input.TEXT, Input.VARIANTS));
        return Markers.of("augment", call, Part.field(ArrayRows.ROWS), given.expressions());
    }

    private static Expression corpusPerplexity(Arguments given) {
        Expression nll = score("nll", given, Part.summand("nll"));
        Expression tokens = score("tokens_scored", given, Part.summand("tokens_scored"));
        Expression sum = new Sum(tokens).toAggregateExpression();
        Expression mean =
                new Divide(new Sum(nll).toAggregateExpression(), Cast$.MODULE$.apply(sum, DataTypes.DoubleType, true));
        Expression none = Literal.create(null, DataTypes.DoubleType);
        Expression perplexity = new If(new EqualTo(sum, Literal.create(0L, DataTypes.LongType)), none, new Exp(mean));
        // Otherwise a column would be called as the whole expression is.
        return new Alias(
                perplexity,
                "corpus_perplexity(" + spelled(given.text()) + ")",
                NamedExpression.newExprId(),
                Sequences.seq(List.of()),
                Option.empty(),
                Sequences.seq(List.of()));
    }

    private static String spelled(Expression text) {
        return text instanceof NamedExpression named ? named.name() : text.sql();
    }
}
