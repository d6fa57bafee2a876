package dev.cloze.job.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.junit.jupiter.api.Test;

class FiguresTest {
    private record Numbers(
            long rows,
            @JsonProperty("cross_entropy") double crossEntropy,
            @JsonProperty("word_perplexity") Double wordPerplexity) {}

    @Test
    void numbersStandByTheirNamesInTheJson() {
        Figures figures = Figures.of(new Numbers(1234567, 2, null));

        assertThat(figures.lines())
                .containsExactly(
                        List.of("rows", "1,234,567"),
                        List.of("cross_entropy", "2.0000"),
                        List.of("word_perplexity", "-"));
        assertThat(figures.text("cross_entropy")).isEqualTo("2.0000");
        assertThat(figures.text("nothing")).isEqualTo("-");
    }

    @Test
    void whatIsNoNumberIsShownAsSuch() {
        assertThat(Figures.of(new Numbers(0, Double.POSITIVE_INFINITY, Double.NaN))
                        .lines())
                .containsExactly(
                        List.of("rows", "0"), List.of("cross_entropy", "Infinity"), List.of("word_perplexity", "NaN"));
    }
}
