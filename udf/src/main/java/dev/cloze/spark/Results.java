package dev.cloze.spark;

import dev.cloze.failure.ClozeException;
import dev.cloze.rows.DocumentScoreRows;
import dev.cloze.rows.RewriteRows;
import dev.cloze.scoring.FillMask;
import dev.cloze.scoring.Targets;
import dev.cloze.spark.ArrayRows.Reasons;
import dev.cloze.spark.Call.Input;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.catalyst.expressions.Expression;

/**
 * The function {@code cloze_result}: all that a command says of a text, with {@code status} and {@code error}. The transformations of
 * the Python package are made of it, because Spark Connect passes calls of functions on, and nothing of Java.
 */
final class Results {
    static final String NAME = "cloze_result";
    private static final String TOP_K = "top-k";
    private static final String TARGETS = "targets";
    private static final String TOKENS = "tokens";

    private Results() {}

    static Expression of(Arguments given, Map<String, String> settings) {
        Map<String, String> options = new HashMap<>(given.map(2));
        Optional<Integer> topK = Optional.ofNullable(options.remove(TOP_K)).map(Results::topK);
        Optional<List<String>> targets =
                Optional.ofNullable(options.remove(TARGETS)).map(Results::targets);
        boolean tokens = Boolean.parseBoolean(options.remove(TOKENS));
        Map<String, String> all = new HashMap<>(settings);
        options.forEach((key, value) -> all.put(Settings.PREFIX + key, value));
        List<Input> inputs = new ArrayList<>(List.of(Input.TEXT));
        List<Expression> arguments = new ArrayList<>(List.of(given.text()));
        given.optional(3).ifPresent(id -> {
            inputs.add(Input.ID);
            arguments.add(id);
        });
        String command = given.string(1);
        Calls calls = Calls.with(all);
        Call<?> call =
                switch (command) {
                    case "fill-mask" -> calls.fillMask(topK, targets, inputs);
                    case "perplexity" ->
                        calls.score(tokens ? DocumentScoreRows.ofTokens() : DocumentScoreRows.ofDocuments(), inputs);
                    case "augment" -> calls.augment(new ArrayRows<>(new RewriteRows(), Reasons.KEPT), inputs);
                    case "embed" -> calls.embed(inputs);
                    default ->
                        throw wrong(
                                "the command must be one of fill-mask, perplexity, augment, embed, it is " + command);
                };
        return Markers.of(NAME, call, Part.whole(), arguments);
    }

    private static int topK(String value) {
        if (!value.matches("\\d{1,9}")
                || Integer.parseInt(value) < 1
                || Integer.parseInt(value) > FillMask.MOST_TOP_K) {
            throw wrong(TOP_K + " must be a whole number from 1 to " + FillMask.MOST_TOP_K + ", it is " + value);
        }
        return Integer.parseInt(value);
    }

    private static List<String> targets(String value) {
        List<String> words = List.of(value.split(","));
        if (words.size() > Targets.MOST) {
            throw wrong(TARGETS + " must be at most " + Targets.MOST + " words, there are " + words.size());
        }
        return words;
    }

    private static ClozeException wrong(String why) {
        return ClozeException.user("call " + NAME, why, "see DESCRIBE FUNCTION EXTENDED " + NAME);
    }
}
