package dev.cloze.job.audit;

import dev.cloze.marks.TextMarks;
import dev.cloze.stats.night.Night;
import dev.cloze.stats.night.Slice;
import dev.cloze.stats.night.SliceState;
import dev.cloze.stats.night.SliceSums;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Made-up nights of many slices, as states: no document is read.
 *
 * @param names of the slices
 * @param documents a night of the first slice; the others have fewer
 */
record MadeUpNights(List<String> names, int documents) {
    private static final String ALL = "*";
    static final LocalDate FIRST = LocalDate.parse("2026-03-02");

    /** What is wrong with a night. */
    record Fault(String slice, double rise, double mojibake) {
        static final Fault NONE = new Fault("", 0, 0);

        /** The same in every slice. */
        static Fault everywhere(double rise, double mojibake) {
            return new Fault(ALL, rise, mojibake);
        }
    }

    static LocalDate date(int number) {
        return FIRST.plusDays(number);
    }

    /** The first {@code count} nights, nothing wrong with them. */
    List<Night> nights(int count) {
        List<Night> nights = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            nights.add(night(i, Fault.NONE));
        }
        return nights;
    }

    Night night(int number, Fault fault) {
        Map<Slice, SliceState> slices = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            boolean isFaulty = fault.slice.equals(ALL) || names.get(i).equals(fault.slice);
            slices.put(
                    Slice.of(names.get(i)),
                    state(new Random(number * 1_000L + i), number, i, isFaulty ? fault : Fault.NONE));
        }
        return new Night(date(number), slices);
    }

    private SliceState state(Random random, int number, int slice, Fault fault) {
        SliceSums sums = new SliceSums();
        sums.counting(TextMarks.NAMES);
        boolean weekend = number % 7 >= 5;
        long count = Math.round(
                documents / (1 + slice % 12 * 0.5) * (weekend ? 0.6 : 1) * Math.exp(0.06 * random.nextGaussian()));
        double level = 1.9 + 0.13 * (slice % 7) + 0.02 * random.nextGaussian() + (weekend ? 0.06 : 0) + fault.rise;
        for (int i = 0; i < count; i++) {
            int tokens = (int) Math.max(5, 80 * Math.exp(0.6 * random.nextGaussian()));
            sums.add(tokens, Math.max(0.2, level + 0.45 * random.nextGaussian()) * tokens);
            if (random.nextDouble() < Math.max(fault.mojibake, 0.0004)) {
                sums.mark(List.of("mojibake"));
            }
        }
        return sums.state();
    }
}
