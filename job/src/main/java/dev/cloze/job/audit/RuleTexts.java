package dev.cloze.job.audit;

import dev.cloze.stats.judge.AuditRules;
import java.util.List;
import java.util.Map;

/** What each rule says, in plain English. */
final class RuleTexts {
    /** Of count rules: what the documents that are counted do. */
    static final Map<String, String> COUNTED = Map.ofEntries(
            Map.entry("tail", "are harder than 99 of 100 used to be"),
            Map.entry("bad-rows", "have no score"),
            Map.entry("replacement", "contain the sign for characters that could not be read (U+FFFD)"),
            Map.entry("mojibake", "show a broken encoding"),
            Map.entry("control", "contain control characters"),
            Map.entry("markup", "contain markup"),
            Map.entry("no-words", "are mostly something else than words"),
            Map.entry("repetitive", "repeat their own lines"),
            Map.entry("unknown", "consist to a tenth or more of words that the model does not know"),
            Map.entry("script", "are in another script than most"),
            Map.entry("language", "are in another language than most"),
            Map.entry("seen", "came on an earlier night already"),
            Map.entry("copies", "are copies of others of tonight"),
            Map.entry("departed", "that were there last night are not there any more"),
            Map.entry("line", "share a line that no earlier night had"));

    /** Of rules with a fixed limit: what was found; the arguments are rows and bad rows. */
    static final Map<String, String> ABSOLUTE = Map.of(
            "empty", "there is no document",
            "new-slice", "it is new",
            "vanished", "there is no document, and there were some on each of the 7 nights before",
            "bad-rows-limit", "more than 5 %% of the rows have no score (%2$,d of %1$,d)",
            "same-data-again",
                    "its figures are those of an earlier night, digit for digit: the same documents came again",
            "seen-limit", "more than half of its documents came on an earlier night already",
            "baseline", "the level of the last 7 nights is more than 0.10 nats away from the pinned baseline");

    /** Of rules that judge a figure: what the figure is. */
    private static final Map<String, String> FIGURES = Map.of(
            "level", "Mean cross-entropy of its documents, in nats",
            "cross-entropy", "Cross-entropy of all its tokens, in nats",
            "length", "Scored tokens of a document, on average",
            "volume", "Number of documents",
            "stock", "Number of documents of the whole delivery",
            "spread", "Distance between its easy and its hard documents, in nats",
            "spike", "Documents with the very same cross-entropy, beyond a smooth distribution (logarithm)",
            "trend", "This week's level against that of the weeks before, in nats");

    private static final Map<String, String> EXPLAINED = Map.ofEntries(
            Map.entry(
                    "level",
                    "The mean cross-entropy of tonight's documents against the forecast from the nights before. The"
                            + " range is as wide as nights usually miss their forecast, and wider where there are few"
                            + " documents."),
            Map.entry("cross-entropy", "The same for all tokens together, in which long documents weigh more."),
            Map.entry("length", "The mean number of scored tokens of a document against its forecast."),
            Map.entry("volume", "The number of documents against its forecast, which knows the days of the week."),
            Map.entry(
                    "stock",
                    "Of a corpus that is delivered as a whole: the number of all its documents against its forecast. The"
                            + " other rules judge those that arrived."),
            Map.entry("spread", "How far easy and hard documents lie apart."),
            Map.entry(
                    "spike",
                    "More documents with the very same cross-entropy than a smooth distribution has: copies,"
                            + " templates, boilerplate."),
            Map.entry("trend", "This week's level against the eight weeks before, measured by how much weeks differ."),
            Map.entry("baseline", "The last 7 nights against nights that somebody pinned: more than 0.10 nats."),
            Map.entry("empty", "A night without any document."),
            Map.entry("vanished", "A slice without documents that had some on each of the 7 nights before."),
            Map.entry("bad-rows-limit", "More than 5 % of the rows have no score."),
            Map.entry("same-data-again", "The figures of an earlier night, digit for digit."),
            Map.entry("seen-limit", "More than half of the documents came on an earlier night."),
            Map.entry("new-slice", "The first documents of a slice."));

    private RuleTexts() {}

    /** A rule and what it looks at, in a sentence. */
    static String explained(String rule) {
        return EXPLAINED.getOrDefault(
                rule, "Documents that " + COUNTED.get(rule) + ": how many, against how many usually do.");
    }

    /** What the figure of a rule is, as the caption of a picture. */
    static String figure(String rule) {
        return FIGURES.getOrDefault(rule, "Documents that " + COUNTED.get(rule) + ", in percent");
    }

    /** Whether a rule counts documents, so that its figure is a share. */
    static boolean isCount(String rule) {
        return COUNTED.containsKey(rule);
    }

    /** Every rule, in the order of the documentation. */
    static List<String> names() {
        return AuditRules.NAMES;
    }
}
