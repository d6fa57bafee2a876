package dev.cloze.spark.catalyst;

import dev.cloze.failure.ClozeException;
import dev.cloze.settings.Setting;
import dev.cloze.settings.SettingGroup;
import dev.cloze.spark.call.SessionSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;
import scala.collection.immutable.Seq;
import scala.runtime.AbstractFunction1;

/**
 * A function of SQL and its manual.
 *
 * @param signature such as {@code fill_mask(text[, top_k[, targets]])}
 * @param usage what it gives
 * @param arguments a line for each
 * @param example a call and what it gives
 * @param note what to know; may be empty
 * @param settings that it reads
 * @param builder makes the expression of its arguments
 */
record SqlFunction(
        String signature,
        String usage,
        List<String> arguments,
        List<String> example,
        String note,
        Optional<SessionSettings> settings,
        Function<Arguments, Expression> builder) {

    String name() {
        return signature.substring(0, signature.indexOf('('));
    }

    /** Its manual, in the form that Spark checks. */
    ExpressionInfo info() {
        return new ExpressionInfo(
                SqlFunctions.class.getName(),
                null,
                name(),
                signature.replace(name(), "_FUNC_") + " - " + usage,
                "\n    Arguments:\n      * " + String.join("\n      * ", arguments) + "\n  ",
                "\n    Examples:\n      > " + example.get(0) + "\n       " + example.get(1) + "\n  ",
                "\n    " + String.join("\n    ", notes()) + "\n  ",
                "",
                "",
                "",
                "java_udf");
    }

    private List<String> notes() {
        List<String> lines = new ArrayList<>();
        if (!note.isEmpty()) {
            lines.add(note);
        }
        settings.ifPresent(task -> {
            lines.add("Settings:");
            for (SettingGroup group : task.groups()) {
                for (Setting<?> setting : group.settings()) {
                    lines.add("  * " + SessionSettings.shown(group, setting) + " - " + setting.description());
                }
            }
        });
        return lines;
    }

    /** As Spark calls it when a query is analysed. */
    AbstractFunction1<Seq<Expression>, Expression> expression() {
        return new AbstractFunction1<>() {
            @Override
            public Expression apply(Seq<Expression> given) {
                try {
                    return builder.apply(new Arguments(signature, Sequences.list(given)));
                } catch (ClozeException e) {
                    throw Refusal.of(name(), e);
                }
            }
        };
    }
}
