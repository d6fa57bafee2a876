package dev.cloze.stats.simulation;

import dev.cloze.stats.night.SliceState;
import dev.cloze.stats.simulation.Fault.Change;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A slice of a made-up year: documents of two topics, whose cross-entropy is lognormal with noise of their tokens, and whose lengths are
 * lognormal; near-duplicates, junk, weekdays, growth, and a level that wanders.
 */
final class SimulatedSlice {
    private static final List<String> MARKS = List.of("mojibake", "control", "markup", "seen", Change.COPIES);
    private static final double[] RATES = {0.0007, 0.0003, 0.005, 0.01, 0.005};
    private static final double OTHER_LANGUAGE = 0.01;
    private static final double BAD_ROWS = 0.002;
    private static final double RATES_DIFFER = 0.5;
    private static final double JUNK = 0.005;
    private static final double JUNK_DIFFERS = 0.4;
    private static final double NEAR_DUPLICATES = 0.03;
    private static final double LENGTHS = 0.85;
    private static final double DOCUMENTS_DIFFER = 0.2;
    private static final double TOKENS_DIFFER = 2.5;
    private static final double TOPICS_DIFFER = 0.5;
    private static final double LEAST = 0.05;
    private static final int SHORTEST = 4;
    private static final int LONGEST = 5_000;

    private final double movement;
    private final double documents;
    private final double level;
    private final double length;
    private final double growth;
    private final double weekend;
    private final double[] weekdays = new double[7];
    private final double[] rates = new double[RATES.length];
    private final Wandering wanders;
    private final Wandering volume;
    private final long seed;

    /** @param documents on a weekday */
    SimulatedSlice(int documents, World world, long seed) {
        this.seed = seed;
        SplittableRandom once = new SplittableRandom(seed);
        this.movement = world.movement();
        this.documents = documents;
        this.level = once.nextDouble(1.7, 2.6);
        this.length = Math.log(once.nextDouble(50, 150));
        this.growth = once.nextDouble(-0.1, 0.4);
        this.weekend = once.nextDouble(0.4, 0.9);
        for (int i = 0; i < weekdays.length; i++) {
            weekdays[i] = 0.02 * once.nextGaussian();
        }
        for (int i = 0; i < rates.length; i++) {
            rates[i] = RATES[i] * Math.exp(RATES_DIFFER * once.nextGaussian());
        }
        this.wanders = new Wandering(0.02 * movement, seed + 1);
        this.volume = new Wandering(0.08 * movement, seed + 2);
    }

    /**
     * The documents of a night; always the same.
     *
     * @param common what all slices wander together
     */
    SliceState night(int night, double common, Fault fault) {
        Documents all = new Documents();
        switch (fault) {
            case YESTERDAY_DELIVERED_AGAIN -> add(all, night - 1, common, Fault.NONE);
            case YESTERDAY_APPENDED -> {
                add(all, night, common, Fault.NONE);
                add(all, night - 1, common, Fault.NONE);
            }
            default -> add(all, night, common, fault);
        }
        SliceState state = all.state();
        switch (fault) {
            case YESTERDAY_DELIVERED_AGAIN -> all.mark("seen", state.documents());
            case YESTERDAY_APPENDED -> all.mark("seen", state.documents() / 2);
            default -> {}
        }
        return all.state();
    }

    private void add(Documents all, int night, double common, Fault fault) {
        SplittableRandom random = new SplittableRandom(seed * 31 + night * 7_919L);
        int weekday = night % 7;
        double tonight =
                level + weekdays[weekday] + wanders.at(night) + common + 0.015 * movement * random.nextGaussian();
        double usual = documents
                * (weekday >= 5 ? weekend : 1)
                * (1 + growth * night / 365)
                * Math.exp(volume.at(night) + 0.02 * movement * random.nextGaussian());
        long count = Chance.poisson(random, usual * fault.change().volume());
        double topics = 0.35 + 0.03 * movement * random.nextGaussian();
        double junk = JUNK * Math.exp(JUNK_DIFFERS * random.nextGaussian());
        double hardest = fault == Fault.HARDEST_TENTH_FILTERED_OUT ? tonight + 0.68 : Double.POSITIVE_INFINITY;
        Draw draw = new Draw(random, tonight, topics, junk, hardest);
        for (long i = 0; i < count; i++) {
            draw.add(all, fault.change());
        }
        marks(all, random, count);
        if (fault == Fault.BAD_ROWS_2_PERCENT) {
            all.badRows(Chance.poisson(random, 0.02 * count));
        }
    }

    private void marks(Documents all, SplittableRandom random, long count) {
        for (int i = 0; i < rates.length; i++) {
            all.mark(MARKS.get(i), Chance.poisson(random, count * tonights(rates[i], random)));
        }
        all.inAnotherLanguage(Chance.poisson(random, count * tonights(OTHER_LANGUAGE, random)));
        all.badRows(Chance.poisson(random, count * tonights(BAD_ROWS, random)));
    }

    private double tonights(double rate, SplittableRandom random) {
        return rate * Math.exp(RATES_DIFFER * movement * random.nextGaussian());
    }

    /** Draws one document after the other. */
    private final class Draw {
        private final SplittableRandom random;
        private final double tonight;
        private final double topics;
        private final double junk;
        private final double hardest;
        private double before = Double.NaN;

        Draw(SplittableRandom random, double tonight, double topics, double junk, double hardest) {
            this.random = random;
            this.tonight = tonight;
            this.topics = topics;
            this.junk = junk;
            this.hardest = hardest;
        }

        void add(Documents all, Change change) {
            long n = Math.max(
                    SHORTEST, Math.min(LONGEST, Math.round(Math.exp(length + LENGTHS * random.nextGaussian()))));
            double c = crossEntropy(n);
            if (random.nextDouble() < change.marked()) {
                if (change.mark().equals(Change.COPIES)) {
                    all.mark(Change.COPIES, 1);
                    all.add(100, tonight);
                    return;
                }
                mark(all, change.mark());
                c += change.markedRise();
            }
            if (c <= hardest) {
                all.add(Math.max(2, Math.round(n * change.length())), c + change.rise());
            }
        }

        private void mark(Documents all, String name) {
            if (name.equals(Change.LANGUAGE)) {
                all.inAnotherLanguage(1);
            } else {
                all.mark(name, 1);
            }
        }

        private double crossEntropy(long n) {
            double kind = random.nextDouble();
            if (kind < junk) {
                return random.nextDouble(4, 8);
            }
            if (kind < junk + NEAR_DUPLICATES && before > 0) {
                return Math.max(LEAST, before + 0.005 * random.nextGaussian());
            }
            double center = tonight + TOPICS_DIFFER * ((random.nextDouble() < topics ? 1 : 0) - 0.35);
            double c = center
                            * Math.exp(
                                    DOCUMENTS_DIFFER * random.nextGaussian() - DOCUMENTS_DIFFER * DOCUMENTS_DIFFER / 2)
                    + TOKENS_DIFFER / Math.sqrt(n) * random.nextGaussian();
            before = Math.max(LEAST, c);
            return before;
        }
    }
}
