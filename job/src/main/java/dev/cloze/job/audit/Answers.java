package dev.cloze.job.audit;

import dev.cloze.stats.judge.AuditRules;
import dev.cloze.stats.night.Slice;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Commands that answer a night.
 *
 * @param history its directory
 * @param sliceBy columns that slices are made by
 * @param date the night
 */
record Answers(String history, List<String> sliceBy, String date) {
    private static final Pattern PLAIN = Pattern.compile("[\\w=,./:@%+-]+", Pattern.UNICODE_CHARACTER_CLASS);
    private static final String NOTE = " --note '…'";

    /** Whether the figure of a rule may be taken for the new normal. */
    static boolean isAcceptable(String rule) {
        return AuditRules.FORECASTS.contains(rule);
    }

    String accept(Slice slice, String rule) {
        return command("accept") + " --date " + date + about(slice, rule) + NOTE;
    }

    String excuse() {
        return command("excuse") + " --date " + date + NOTE;
    }

    String mute(Slice slice, String rule, String until) {
        return command("mute") + about(slice, rule) + " --until " + until + NOTE;
    }

    String rejudge() {
        return command("rejudge") + " --from " + date;
    }

    private String command(String name) {
        return "cloze audit " + name + " --history " + quoted(history);
    }

    private String about(Slice slice, String rule) {
        String values = IntStream.range(0, slice.values().size())
                .mapToObj(i -> sliceBy.get(i) + "=" + new Slice(slice.values().subList(i, i + 1)).label())
                .collect(Collectors.joining(","));
        return (slice.isCorpus() ? " --whole-corpus" : " --slice " + quoted(values)) + " --rule " + rule;
    }

    /** As a shell reads it as one word. */
    private static String quoted(String word) {
        return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
