package dev.cloze.job.audit;

import dev.cloze.job.report.BandChart;
import dev.cloze.job.report.BandChart.Point;
import dev.cloze.job.report.Tone;
import dev.cloze.stats.night.Slice;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Figures of the last nights as the verdicts on these nights have them: what was expected of a night is what was expected that morning. */
final class NightSeries {
    /** A figure of a slice. */
    record Figure(Slice slice, String rule) {}

    private static final int PERCENT = 100;

    /**
     * A night with its checks by what they are of.
     *
     * @param verdict on it
     */
    record Checks(VerdictRecord verdict, Map<Figure, VerdictRecord.Checked> byFigure) {
        static Checks of(VerdictRecord verdict) {
            Map<Figure, VerdictRecord.Checked> all = new HashMap<>();
            verdict.checks()
                    .forEach(check -> all.put(new Figure(VerdictRecord.slice(check.slice()), check.rule()), check));
            return new Checks(verdict, all);
        }
    }

    private final List<Checks> nights;

    /** @param nights the last ones, tonight as the last */
    NightSeries(List<Checks> nights) {
        this.nights = List.copyOf(nights);
    }

    /** Tonight's check of a rule, if it was judged. */
    Optional<VerdictRecord.Checked> tonight(Slice slice, String rule) {
        return Optional.ofNullable(nights.get(nights.size() - 1).byFigure.get(new Figure(slice, rule)));
    }

    /** The figure on at most {@code most} nights; absent where it was not judged tonight, or on no other night. */
    Optional<BandChart> chart(Slice slice, String rule, int most, Tone tone) {
        List<Point> points = points(new Figure(slice, rule), most);
        String caption = RuleTexts.figure(rule) + ", on the last nights"
                + (RuleTexts.isCount(rule) || rule.equals("trend")
                        ? " (dashed: what was usual)"
                        : ", and the range that was expected of each");
        return points.size() < 2 || tonight(slice, rule).isEmpty()
                ? Optional.empty()
                : Optional.of(BandChart.of(caption, points, tone));
    }

    /** From the first night on that has the figure. */
    private List<Point> points(Figure figure, int most) {
        List<Point> points = new ArrayList<>();
        for (Checks night : nights.subList(Math.max(0, nights.size() - most), nights.size())) {
            VerdictRecord.Checked check = night.byFigure.get(figure);
            if (check != null || !points.isEmpty()) {
                points.add(point(night.verdict, check));
            }
        }
        return points;
    }

    private static Point point(VerdictRecord night, VerdictRecord.Checked check) {
        if (check == null) {
            return new Point(night.day(), Double.NaN, Double.NaN, Double.NaN, Double.NaN);
        }
        double unit = RuleTexts.isCount(check.rule()) ? PERCENT : 1;
        boolean hasRange = check.expected() != null;
        return new Point(
                night.day(),
                unit * check.value(),
                hasRange ? check.expected().get(0) : Double.NaN,
                hasRange ? check.expected().get(1) : Double.NaN,
                check.usual() == null ? Double.NaN : unit * check.usual());
    }
}
