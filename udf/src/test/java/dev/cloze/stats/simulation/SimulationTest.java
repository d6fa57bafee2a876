package dev.cloze.stats.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.stats.judge.Verdict.Word;
import dev.cloze.stats.simulation.Simulation.Tried;
import dev.cloze.stats.simulation.Simulation.Year;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A year of three slices; the figures of the documentation are of twelve slices and ten years. */
class SimulationTest {
    private static final List<Integer> SIZES = List.of(50, 300, 2_000);
    private static final Year YEAR = new Simulation(World.CALM, SIZES, 5).run(2);

    private static List<Tried> tried(Fault fault) {
        return YEAR.tried().stream().filter(tried -> tried.fault() == fault).toList();
    }

    @Test
    void theSameSeedDrawsTheSameYear() {
        Simulation small = new Simulation(World.RESTLESS, List.of(50), 7);
        assertThat(small.run(1)).isEqualTo(small.run(1));
    }

    @Test
    void everyNightIsJudgedAndEveryFaultIsTriedInEverySlice() {
        assertThat(YEAR.quiet()).hasSize(Simulation.NIGHTS);
        assertThat(YEAR.tried()).hasSize((Fault.values().length - 1) * SIZES.size() * 2);
    }

    @Test
    void quietNightsAreSeldomDrift() {
        assertThat(YEAR.quiet().stream().filter(quiet -> quiet.word() == Word.DRIFT))
                .hasSizeLessThan(12);
    }

    @Test
    void grossFaultsAreFoundInEverySliceAndStandFirst() {
        assertThat(tried(Fault.MARKUP_LEFT_IN)).allMatch(tried -> tried.isFound() && tried.isFirst());
        assertThat(tried(Fault.YESTERDAY_DELIVERED_AGAIN)).allMatch(tried -> tried.isFound() && tried.isFirst());
        assertThat(tried(Fault.HALF_THE_VOLUME).stream().filter(tried -> tried.documents() == 2_000))
                .allMatch(Tried::isFound);
    }
}
