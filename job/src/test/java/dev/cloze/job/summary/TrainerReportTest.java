package dev.cloze.job.summary;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import org.junit.jupiter.api.Test;

class TrainerReportTest {
    @Test
    void theFileHasTheseNamesInThisOrder() throws JsonProcessingException {
        TrainerFigures figures = new TrainerFigures(3, TrainerFigures.Loss.of(40, 8, 16, 0));

        // 16 nats over 8 tokens are 2, whose exponential is e²; that of a loss of 0 is 1.
        assertThat(Documents.json(new TrainerReport("mlm", "digest", 4, figures)))
                .isEqualTo("""
                {
                  "method" : "mlm",
                  "model" : "digest",
                  "eval_batch_size" : 4,
                  "corpus" : {
                    "examples" : 3,
                    "tokens" : 40,
                    "tokens_scored" : 8,
                    "nll" : 16.0,
                    "cross_entropy" : 2.0,
                    "perplexity" : 7.38905609893065,
                    "eval_loss" : 0.0,
                    "eval_perplexity" : 1.0
                  }
                }
                """);
    }

    @Test
    void withoutAScoredTokenThereAreExamplesOnly() throws JsonProcessingException {
        assertThat(Documents.json(new TrainerFigures(2, null))).isEqualTo("""
                {
                  "examples" : 2
                }
                """);
    }
}
