package dev.cloze.job.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleToLongFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The losses of a training, as a picture of its own: those of the steps as a thin line, those of held-out texts as a thick one.
 *
 * @param title what was trained
 * @param subtitle what became of it
 * @param ys ticks of the vertical axis
 * @param xs ticks of the horizontal axis
 * @param training a path
 * @param heldOut a path; empty when nothing was held out
 * @param evaluations points on {@code heldOut}, a path
 */
public record LossChart(
        String title,
        String subtitle,
        List<Tick> ys,
        List<Tick> xs,
        String training,
        String heldOut,
        String evaluations) {
    static final int LEFT = 56;
    static final int RIGHT = 624;
    static final int TOP = 72;
    static final int BOTTOM = 280;
    private static final int STEPS = 5;
    /** A line of more points is drawn through means of neighbours. */
    private static final int POINTS = 200;

    /** A label of an axis. */
    public record Tick(long place, String label) {}

    /**
     * A loss.
     *
     * @param step after how many steps
     */
    public record Point(double step, double loss) {}

    /** What is drawn of the losses of a training, which made at least one step. */
    public static LossChart of(String title, String subtitle, List<Point> training, List<Point> heldOut) {
        List<Point> line = thinned(training);
        List<Point> all = Stream.concat(line.stream(), heldOut.stream()).toList();
        Scale loss = Scale.of(
                all.stream().mapToDouble(Point::loss).min().orElse(0),
                all.stream().mapToDouble(Point::loss).max().orElse(1),
                STEPS);
        Scale step = Scale.of(0, all.stream().mapToDouble(Point::step).max().orElse(1), STEPS);
        Picture picture = new Picture(step, loss);
        return new LossChart(
                title,
                subtitle,
                ticks(loss, picture::y),
                ticks(step, picture::x),
                picture.line(line),
                picture.line(heldOut),
                picture.dots(heldOut));
    }

    private static List<Tick> ticks(Scale scale, DoubleToLongFunction place) {
        List<String> labels = scale.labels();
        return IntStream.range(0, labels.size())
                .mapToObj(i -> new Tick(place.applyAsLong(scale.low() + scale.step() * i), labels.get(i)))
                .toList();
    }

    private static List<Point> thinned(List<Point> points) {
        int wide = (points.size() + POINTS - 1) / POINTS;
        List<Point> thinned = new ArrayList<>();
        for (int from = 0; from < points.size(); from += wide) {
            List<Point> part = points.subList(from, Math.min(from + wide, points.size()));
            thinned.add(new Point(
                    part.stream().mapToDouble(Point::step).average().orElseThrow(),
                    part.stream().mapToDouble(Point::loss).average().orElseThrow()));
        }
        return thinned;
    }

    /** Places of steps and losses. */
    private record Picture(Scale step, Scale loss) {
        long x(double value) {
            return Math.round(LEFT + (RIGHT - LEFT) * step.place(value));
        }

        long y(double value) {
            return Math.round(BOTTOM - (BOTTOM - TOP) * loss.place(value));
        }

        String line(List<Point> points) {
            StringBuilder path = new StringBuilder();
            for (Point point : points) {
                path.append(path.isEmpty() ? 'M' : 'L').append(at(point));
            }
            return path.toString();
        }

        String dots(List<Point> points) {
            StringBuilder path = new StringBuilder();
            points.forEach(point -> path.append('M').append(at(point)).append("h0"));
            return path.toString();
        }

        private String at(Point point) {
            return String.format(Locale.ROOT, "%d %d", x(point.step()), y(point.loss()));
        }
    }
}
