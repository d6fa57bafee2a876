package dev.cloze.job.audit;

import dev.cloze.marks.LongLines;
import dev.cloze.marks.TextMarks;
import dev.cloze.stats.exemplar.Excess;
import dev.cloze.stats.exemplar.Impact;
import dev.cloze.stats.judge.CountRule;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Which documents of a slice show what was found in it. It travels to executors.
 *
 * @param excess how probably a document is there because the cross-entropies changed
 * @param impact what it adds to the change of the corpus
 * @param marks that were found more often than usual: every document with one of them is of interest
 * @param kinds the usual language and script, where others were found
 * @param lines numbers of lines that were found
 */
public record Interest(Excess excess, Impact impact, Set<String> marks, Kinds kinds, Set<Integer> lines)
        implements Serializable {
    private static final String LANGUAGE = "language";
    private static final String SCRIPT = "script";

    /** The columns of a row that {@link #look} returns. */
    static final StructType LOOK = new StructType()
            .add("excess", DataTypes.DoubleType, false)
            .add("impact", DataTypes.DoubleType, false)
            .add("marks", DataTypes.createArrayType(DataTypes.StringType, false), false);

    /**
     * Kinds of texts.
     *
     * @param language the usual one; empty where it does not matter
     * @param script the same
     */
    public record Kinds(String language, String script) implements Serializable {
        static final Kinds NONE = new Kinds("", "");
    }

    boolean asksForRepeated() {
        return marks.contains(CountRule.SEEN) || marks.contains(CountRule.COPIES);
    }

    /**
     * A row of {@link #LOOK}.
     *
     * @param text null where there is none
     * @param isSeen null where nobody knows
     * @param isCopy null where nobody knows
     */
    Row look(Long tokensScored, Double nll, String text, Boolean isSeen, Boolean isCopy) {
        List<String> found = new ArrayList<>();
        if (text != null) {
            add(found, TextMarks.of(text));
            if (hasLine(text)) {
                found.add(CountRule.LINE);
            }
        }
        if (Boolean.TRUE.equals(isSeen)) {
            found.add(CountRule.SEEN);
        }
        if (Boolean.TRUE.equals(isCopy)) {
            found.add(CountRule.COPIES);
        }
        double share = found.stream().anyMatch(this::isOfInterest) ? 1 : excess.of(nll / tokensScored);
        return RowFactory.create(share, impact.of(tokensScored, nll), found.toArray(String[]::new));
    }

    private boolean hasLine(String text) {
        return !lines.isEmpty() && Arrays.stream(LongLines.of(text)).anyMatch(lines::contains);
    }

    private void add(List<String> found, TextMarks text) {
        found.addAll(text.marks());
        if (!kinds.language.isEmpty() && !kinds.language.equals(text.language())) {
            found.add(LANGUAGE + " " + text.language());
        }
        if (!kinds.script.isEmpty() && !kinds.script.equals(text.script())) {
            found.add(SCRIPT + " " + text.script());
        }
    }

    private boolean isOfInterest(String mark) {
        return marks.contains(mark) || mark.startsWith(LANGUAGE) || mark.startsWith(SCRIPT);
    }
}
