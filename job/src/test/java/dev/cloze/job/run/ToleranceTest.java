package dev.cloze.job.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloze.failure.ClozeException;
import java.util.Map;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ToleranceTest {
    /** A share of 0.004 of 300 rows is 1.2 rows, so that one may fail. */
    @ParameterizedTest
    @CsvSource({
        "0,0,300",
        "1,1,300",
        "300,300,300",
        "0.004,1,300",
        "0.01,3,300",
        "0.29,29,100",
        "0.5,1,2",
        "1.0,300,300",
        "0.0,0,300",
        "1,1,1"
    })
    void soManyRowsMayFail(String text, long failed, long all) {
        Tolerance.of(text).require(rows(failed, all), () -> all, "_failed");

        assertThat(Tolerance.of(text).allows(failed, all)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"0,1,300", "1,2,300", "0.003,1,300", "0.01,4,300", "0.5,2,2", "0.0,1,300"})
    void moreMayNot(String text, long failed, long all) {
        assertThatThrownBy(() -> Tolerance.of(text).require(rows(failed, all), () -> all, "_failed"))
                .isInstanceOf(ClozeException.class)
                .hasMessage(
                        "Cannot accept the results: " + failed + " of " + all + " rows failed, --max-bad-rows allows "
                                + text + "; look at _failed, correct these rows, or run the same command with a higher"
                                + " --max-bad-rows");
        assertThat(Tolerance.of(text).allows(failed, all)).isFalse();
    }

    @Test
    void onlyRowsThatFailedAreBad() {
        Tolerance.of("0").require(Map.of("empty", 7L, "no-mask", 5L), () -> 12, "_failed");
    }

    @Test
    void whereNothingFailedRowsAreNotCounted() {
        LongSupplier counting = () -> {
            throw new AssertionError("counted");
        };

        Tolerance.of("0").require(Map.of("ok", 12L), counting, "_failed");
    }

    /** Whoever says nothing accepts failures, and does not say that no answer at all is wanted. */
    @Test
    void withoutAWordAnyRowMayFailAndNoneIsAllowedTo() {
        Tolerance.any().require(rows(300, 300), () -> 300, "_failed");

        assertThat(Tolerance.any().allows(300, 300)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "1.5", "-0.1", "many", "1e400.0", ""})
    void otherTextsAreNoTolerance(String text) {
        assertThatThrownBy(() -> Tolerance.of(text)).isInstanceOf(NumberFormatException.class);
    }

    private static Map<String, Long> rows(long failed, long all) {
        return failed == 0 ? Map.of("ok", all) : Map.of("failed", failed, "ok", all - failed);
    }
}
