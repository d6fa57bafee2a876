package dev.cloze.adapt.gradient;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloze.bundle.Bundle;
import dev.cloze.failure.ClozeException;
import dev.cloze.importing.TinyBert;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GradientCheckTest {
    @TempDir
    static Path directory;

    private static TrainableModel model;
    private static GradientGraph right;

    @BeforeAll
    static void makeTheModel() {
        model = TrainableModel.read(TinyBert.write(directory, "tiny").file(Bundle.MODEL), "logits");
        right = model.gradients().get(0);
    }

    @Test
    void theRightGradientIsAccepted() {
        assertThatCode(() -> check(right)).doesNotThrowAnyException();
    }

    @Test
    void aParameterWithoutAGradientIsRefusedByName() {
        for (String parameter : withLongGradients()) {
            if (!right.rows().containsKey(parameter)) {
                assertThatThrownBy(() -> check(without(parameter)))
                        .as(parameter)
                        .isInstanceOf(ClozeException.class)
                        .hasMessageContaining("the gradient by \"" + parameter + "\" differs by ");
            }
        }
    }

    @Test
    void aGradientThatLacksThePartOfTheWordsThatAreReadIsRefused() {
        GradientGraph lacking =
                new GradientGraph(right.forward(), right.backward(), List.of(), right.gradients(), Map.of());
        assertThatThrownBy(() -> check(lacking)).isInstanceOf(ClozeException.class);
    }

    /** Of one layer: all but those along which the loss hardly changes, such as biases of keys. */
    private static List<String> withLongGradients() {
        try (ModelGradient gradient = new ModelGradient(right, model.parameters())) {
            MaskedBatch batch = FamilyGradientTest.batch();
            gradient.lossAndGradients(batch, 1f / batch.masked());
            double longest = gradient.gradients().values().stream()
                    .mapToDouble(GradientCheck::length)
                    .max()
                    .orElseThrow();
            return right.gradients().keySet().stream()
                    .filter(name -> name.contains("layer.1.attention"))
                    .filter(name -> GradientCheck.length(gradient.gradients().get(name)) > longest / 100)
                    .toList();
        }
    }

    private static GradientGraph without(String parameter) {
        Map<String, String> gradients = new HashMap<>(right.gradients());
        gradients.remove(parameter);
        return new GradientGraph(right.forward(), right.backward(), List.of(), gradients, right.rows());
    }

    private static void check(GradientGraph graph) {
        try (ModelGradient gradient = new ModelGradient(graph, model.parameters())) {
            GradientCheck.require(gradient, model.parameters(), FamilyGradientTest.batch());
        }
    }
}
