package dev.cloze.stats.judge;

import java.util.List;

/** Small helpers of the rules. */
final class Numbers {
    private Numbers() {}

    /** The middle number, or the mean of the middle two; of at least one. */
    static double median(List<Double> numbers) {
        List<Double> sorted = numbers.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    static double mean(List<Double> numbers) {
        return numbers.stream().mapToDouble(Double::doubleValue).sum() / numbers.size();
    }

    static double clip(double number, double most) {
        return Math.min(Math.max(number, -most), most);
    }

    static double square(double number) {
        return number * number;
    }
}
