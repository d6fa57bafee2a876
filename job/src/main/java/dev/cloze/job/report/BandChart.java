package dev.cloze.job.report;

import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * A figure on the last nights, in the range that was expected of each. The picture is 560 wide and 100 high and is stretched to its place; its
 * labels are text beside it, so that they have their size on every screen.
 *
 * @param caption what it shows
 * @param ys labels of the vertical axis, the highest first
 * @param xs labels of the horizontal axis
 * @param band the expected ranges, a path
 * @param usual the middle of these
 * @param line the figure
 * @param last tonight's, a point
 * @param tone of tonight
 */
public record BandChart(
        String caption,
        List<String> ys,
        List<String> xs,
        String band,
        String usual,
        String line,
        String last,
        Tone tone) {
    private static final int WIDTH = 560;
    private static final int HEIGHT = 100;
    private static final int STEPS = 4;
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("d MMM", Locale.ENGLISH);

    /**
     * A night.
     *
     * @param low lowest and
     * @param high highest figure that was expected; NaN where there is no such range
     * @param usual the forecast; NaN where there is none
     */
    public record Point(LocalDate date, double value, double low, double high, double usual) {
        private Stream<Double> all() {
            return Stream.of(value, low, high, usual).filter(Double::isFinite);
        }

        private boolean hasBand() {
            return Double.isFinite(low) && Double.isFinite(high);
        }
    }

    /** What is drawn of {@code points}, which are in the order of their dates and are at least one. */
    public static BandChart of(String caption, List<Point> points, Tone tone) {
        double low = points.stream().flatMap(Point::all).min(Double::compare).orElse(0.0);
        double high = points.stream().flatMap(Point::all).max(Double::compare).orElse(1.0);
        Scale scale = Scale.of(low, high, STEPS);
        LocalDate first = points.get(0).date();
        Point last = points.get(points.size() - 1);
        List<String> ys = new ArrayList<>(scale.labels());
        Collections.reverse(ys);
        Picture picture = new Picture(first, Math.max(1, ChronoUnit.DAYS.between(first, last.date())), scale);
        return new BandChart(
                caption,
                ys,
                days(first, last.date()),
                picture.band(points),
                picture.path(points, Point::usual),
                picture.path(points, Point::value),
                picture.at(last, last.value()),
                tone);
    }

    private static List<String> days(LocalDate first, LocalDate last) {
        long days = ChronoUnit.DAYS.between(first, last);
        return days < 2
                ? List.of(DAY.format(first), DAY.format(last))
                : List.of(DAY.format(first), DAY.format(first.plusDays(days / 2)), DAY.format(last));
    }

    /** Places of nights and figures. */
    private record Picture(LocalDate first, long days, Scale scale) {
        String at(Point point, double value) {
            return x(point) + " " + y(value);
        }

        private long x(Point point) {
            return Math.round((double) WIDTH * ChronoUnit.DAYS.between(first, point.date()) / days);
        }

        private long y(double value) {
            return Math.round(HEIGHT * (1 - scale.place(value)));
        }

        /** A line with a gap where a night has no such figure. */
        String path(List<Point> points, ToDoubleFunction<Point> figure) {
            Pen pen = new Pen();
            for (Point point : points) {
                double value = figure.applyAsDouble(point);
                if (Double.isFinite(value)) {
                    pen.to(x(point), y(value));
                } else {
                    pen.lift();
                }
            }
            return pen.path();
        }

        String band(List<Point> points) {
            Pen pen = new Pen();
            List<Point> run = new ArrayList<>();
            for (Point point : points) {
                if (point.hasBand()) {
                    run.add(point);
                } else {
                    area(run, pen);
                    run.clear();
                }
            }
            area(run, pen);
            return pen.path();
        }

        private void area(List<Point> run, Pen pen) {
            List<Point> back = new ArrayList<>(run);
            Collections.reverse(back);
            run.forEach(point -> pen.to(x(point), y(point.high())));
            back.forEach(point -> pen.to(x(point), y(point.low())));
            pen.close();
        }
    }
}
