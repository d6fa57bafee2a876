package dev.cloze.spark.catalyst;

import dev.cloze.failure.ClozeException;
import dev.cloze.rows.RewriteRows;
import dev.cloze.spark.call.ArrayRows;
import dev.cloze.spark.call.ArrayRows.Reasons;
import dev.cloze.spark.call.Call;
import dev.cloze.spark.call.Call.Input;
import dev.cloze.spark.call.Calls;
import dev.cloze.spark.call.SessionSettings;
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

    private Results() {}

    static Expression of(Arguments given, Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(settings);
        given.map(2).forEach((key, value) -> all.put(SessionSettings.PREFIX + key, value));
        List<Input> inputs = new ArrayList<>(List.of(Input.TEXT));
        List<Expression> arguments = new ArrayList<>(List.of(given.text()));
        given.optional(3).ifPresent(id -> {
            inputs.add(Input.ID);
            arguments.add(id);
        });
        String command = given.string(1);
        Calls calls = new Calls(all);
        Call<?> call =
                switch (command) {
                    case "fill-mask" -> calls.fillMask(Optional.empty(), Optional.empty(), inputs);
                    case "perplexity" -> calls.score(inputs);
                    case "augment" -> calls.augment(new ArrayRows<>(new RewriteRows(), Reasons.KEPT), inputs);
                    case "embed" -> calls.embed(inputs);
                    default ->
                        throw ClozeException.user(
                                "call " + NAME,
                                "the command must be one of fill-mask, perplexity, augment, embed, it is " + command,
                                "see DESCRIBE FUNCTION EXTENDED " + NAME);
                };
        return Markers.of(NAME, call, Part.whole(), arguments);
    }
}
