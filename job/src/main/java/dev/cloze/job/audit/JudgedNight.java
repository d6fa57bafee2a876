package dev.cloze.job.audit;

import dev.cloze.settings.Labels;
import dev.cloze.stats.judge.Check;
import dev.cloze.stats.judge.Count;
import dev.cloze.stats.judge.Decomposition;
import dev.cloze.stats.judge.Finding;
import dev.cloze.stats.judge.Forecast;
import dev.cloze.stats.judge.Verdict;
import dev.cloze.stats.judge.WeekAgainstWeeks;
import dev.cloze.stats.night.Night;
import dev.cloze.stats.night.Slice;
import dev.cloze.stats.night.SliceState;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A night and the verdict on it.
 *
 * @param history that it belongs to
 * @param earlier dates of the nights that it was judged by
 */
record JudgedNight(HistoryRecord history, Night night, Verdict verdict, List<LocalDate> earlier) {
    private static final int DRIFT = 3;

    int exitCode() {
        return verdict.word() == Verdict.Word.DRIFT ? DRIFT : 0;
    }

    Sentences sentences() {
        return new Sentences(history.sliceBy(), verdict, states());
    }

    private Map<Slice, SliceState> states() {
        Map<Slice, SliceState> states = new LinkedHashMap<>(night.slices());
        states.put(Slice.CORPUS, night.of(Slice.CORPUS));
        return states;
    }

    /**
     * As it is written.
     *
     * @param run that was judged
     * @param supersedes the run that counted before
     * @param exemplars documents that show what was found
     */
    VerdictRecord record(
            String run, Optional<String> supersedes, int sequence, List<VerdictRecord.Exemplar> exemplars) {
        return new VerdictRecord(
                HistoryRecord.FORMAT,
                history.corpus(),
                night.date().toString(),
                run,
                supersedes.orElse(null),
                sequence,
                Labels.of(verdict.word()),
                exitCode(),
                sentences().first(),
                baseline(),
                new VerdictRecord.Rates(verdict.rates().drift(), verdict.rates().watch()),
                figures(),
                verdict.findings().stream().map(this::found).toList(),
                checks(),
                verdict.change().map(this::change).orElse(null),
                exemplars);
    }

    private VerdictRecord.Baseline baseline() {
        return earlier.isEmpty()
                ? new VerdictRecord.Baseline(0, null, null)
                : new VerdictRecord.Baseline(
                        earlier.size(),
                        earlier.get(0).toString(),
                        earlier.get(earlier.size() - 1).toString());
    }

    private VerdictRecord.CorpusFigures figures() {
        SliceState corpus = night.of(Slice.CORPUS);
        boolean known = corpus.scored() > 0;
        return new VerdictRecord.CorpusFigures(
                corpus.rows(),
                corpus.documents(),
                corpus.badRows(),
                corpus.sums().n(),
                known ? corpus.crossEntropy() : null,
                known ? Math.exp(corpus.crossEntropy()) : null);
    }

    private VerdictRecord.Found found(Finding finding) {
        return new VerdictRecord.Found(
                names(finding.slice()),
                finding.rule(),
                finding.muted() ? "muted" : Labels.of(finding.state()),
                Labels.of(finding.why()),
                finding.check().map(Check::p).orElse(null),
                verdict.since()
                        .get(new Verdict.Incident(finding.slice(), finding.rule()))
                        .toString(),
                sentences().of(finding));
    }

    /** The values of a slice by the columns of slices. */
    Map<String, String> names(Slice slice) {
        Map<String, String> names = new LinkedHashMap<>();
        for (int i = 0; i < slice.values().size(); i++) {
            names.put(history.sliceBy().get(i), slice.values().get(i));
        }
        return names;
    }

    private List<VerdictRecord.Checked> checks() {
        List<VerdictRecord.Checked> checks = new ArrayList<>();
        verdict.forecasts().forEach(forecast -> checks.add(checked(forecast)));
        verdict.counts().forEach(count -> checks.add(checked(count)));
        verdict.trends().forEach(trend -> checks.add(checked(trend)));
        return checks;
    }

    private VerdictRecord.Checked checked(Forecast forecast) {
        Figure figure = Figure.of(forecast, verdict);
        return new VerdictRecord.Checked(
                forecast.rule(),
                names(forecast.slice()),
                figure.value(),
                figure.usual(),
                List.of(figure.low(), figure.high()),
                forecast.p(),
                forecast.z(),
                documents(forecast.slice()),
                forecast.k(),
                figure.notice());
    }

    private VerdictRecord.Checked checked(Count count) {
        double of = count.counted().of();
        return new VerdictRecord.Checked(
                count.rule(),
                names(count.slice()),
                count.counted().found() / of,
                count.expected() / of,
                null,
                count.p(),
                count.z(),
                documents(count.slice()),
                null,
                null);
    }

    private VerdictRecord.Checked checked(WeekAgainstWeeks trend) {
        return new VerdictRecord.Checked(
                trend.rule(),
                names(trend.slice()),
                trend.difference(),
                0.0,
                null,
                trend.p(),
                trend.z(),
                documents(trend.slice()),
                null,
                null);
    }

    private long documents(Slice slice) {
        return night.of(slice).documents();
    }

    private VerdictRecord.Change change(Decomposition change) {
        return new VerdictRecord.Change(
                change.total(),
                change.slices().stream()
                        .map(share -> new VerdictRecord.Part(names(share.slice()), share.mix(), share.within()))
                        .toList());
    }
}
