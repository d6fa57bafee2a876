package dev.cloze.job.audit;

import dev.cloze.job.terminal.Visible;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** A night in a few lines of Markdown, for a step of a workflow, a chat, a mail. */
record SummaryMarkdown(VerdictRecord verdict) {
    private static final int MOST_FINDINGS = 20;
    /** Signs that mean something in Markdown or in the HTML that it may contain, and those that make links of addresses. */
    private static final Pattern SIGNS = Pattern.compile("[\\\\`*_\\[\\]<>|#!&~$@]|:(?=//)|(?<=(?i:www))\\.");

    String text() {
        VerdictRecord.CorpusFigures figures = verdict.corpusFigures();
        StringBuilder text = new StringBuilder(Numerals.format(
                "## %s · %s · %s%n%n**%s**%n%n",
                verdict.verdict().toUpperCase(Locale.ROOT),
                plain(verdict.corpus()),
                verdict.date(),
                plain(verdict.sentence())));
        text.append(Numerals.format("%,d documents, %,d scored tokens", figures.documents(), figures.tokensScored()));
        if (figures.crossEntropy() != null) {
            text.append(Numerals.format(
                    ", %.3f nats a token (perplexity %.2f)", figures.crossEntropy(), figures.perplexity()));
        }
        text.append(Numerals.format(
                ", %,d bad rows; %,d checks, %,d nights before.\n",
                figures.badRows(), verdict.checks().size(), verdict.baseline().nights()));
        return text.append(findings()).toString().replace(System.lineSeparator(), "\n");
    }

    private String findings() {
        List<VerdictRecord.Found> all = verdict.findings();
        if (all.isEmpty()) {
            return "";
        }
        StringBuilder table = new StringBuilder("\n| | since | |\n|---|---|---|\n");
        all.stream()
                .limit(MOST_FINDINGS)
                .forEach(found -> table.append(
                        Numerals.format("| %s | %s | %s |\n", found.state(), found.since(), plain(found.sentence()))));
        return all.size() > MOST_FINDINGS
                ? table + "\nand " + (all.size() - MOST_FINDINGS) + " more.\n"
                : table.toString();
    }

    /** Text that is nothing but text. */
    private static String plain(String text) {
        return SIGNS.matcher(Visible.line(text))
                .replaceAll(sign -> "\\\\" + java.util.regex.Matcher.quoteReplacement(sign.group()));
    }
}
