package dev.cloze.adapt.gradient;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Gradients of tiny models of all families, as exporters write them, against finite differences. */
class FamilyGradientTest {
    private static final int ROWS = 2;
    private static final int WIDTH = 8;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "albert",
                "bert",
                "bert-dynamo",
                "bert-external-data",
                "deberta-v2",
                "distilbert",
                "electra",
                "modernbert",
                "mpnet",
                "roberta",
                "xlm-roberta"
            })
    void theGradientOfEveryParameterIsThatOfFiniteDifferences(String family) throws URISyntaxException {
        TrainableModel model = TrainableModel.read(export(family), "logits");
        for (GradientGraph graph : model.gradients()) {
            try (ModelGradient gradient = new ModelGradient(graph, model.parameters())) {
                Optional<GradientCheck.Difference> largest =
                        GradientCheck.largest(gradient, model.parameters(), batch());
                assertThat(largest.orElseThrow().relative()).isLessThan(0.02);
            }
        }
    }

    private static Path export(String family) throws URISyntaxException {
        return Path.of(FamilyGradientTest.class
                .getResource("/dev/cloze/exports/" + family + "/model.onnx")
                .toURI());
    }

    /** The second row is shorter. */
    static MaskedBatch batch() {
        Random random = new Random(7);
        long[] ids = random.longs(ROWS * WIDTH, 5, 60).toArray();
        long[] attention = new long[ROWS * WIDTH];
        for (int i = 0; i < attention.length; i++) {
            attention[i] = i < WIDTH + 5 ? 1 : 0;
        }
        return new MaskedBatch(
                ROWS, WIDTH, ids, attention, new long[ids.length], new long[] {1, 4, 9, 12}, new long[] {7, 8, 9, 10});
    }
}
