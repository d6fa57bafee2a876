package dev.cloze.stats.judge;

import dev.cloze.stats.night.SliceState;
import java.util.Optional;

/**
 * {@code stock}: of a corpus that is delivered as a whole every night, the number of all its documents against its forecast, on the
 * logarithm. The other rules judge the documents that arrived.
 *
 * <p>y = ln of the stock, v = 0: who is there tonight was there last night, so chance draws nothing anew.
 */
public final class Stock implements ForecastRule {
    /** The documents of the whole delivery, among the counts of a state. */
    public static final String STOCK = "stock";
    /** Those of them that no earlier night had. */
    public static final String ARRIVED = "arrived";

    @Override
    public String name() {
        return STOCK;
    }

    @Override
    public double defaultMovement() {
        return 0.05;
    }

    /** 3 %. */
    @Override
    public double floor() {
        return 0.03;
    }

    @Override
    public Optional<Measured> measure(Past past, SliceState tonight) {
        long stock = of(tonight);
        return stock == 0 ? Optional.empty() : Optional.of(new Measured(Math.log(stock), 0));
    }

    /** The documents of the whole delivery; 0 where arrivals are all that was delivered. */
    static long of(SliceState night) {
        return night.marks().getOrDefault(STOCK, 0L);
    }

    /** Documents that were there last night and are not any more, of those that were there. */
    static Optional<CountRule.Counted> departed(Past past, SliceState tonight) {
        long before = past.last(1).stream().mapToLong(Stock::of).sum();
        Long arrived = tonight.marks().get(ARRIVED);
        return before == 0 || arrived == null
                ? Optional.empty()
                : Optional.of(new CountRule.Counted(Math.max(0, before + arrived - of(tonight)), before));
    }
}
