package dev.cloze.job.adapt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class LossCurveTest {
    @TempDir
    Path directory;

    @Test
    void lossesLieBetweenTheTicksOfTheirAxes() throws Exception {
        Element svg = drawn(
                "bert <b>&",
                "{\"step\":0,\"eval_loss\":4.0,\"perplexity\":54.6}",
                "{\"step\":1,\"loss\":3.5,\"learning_rate\":1e-3,\"grad_norm\":2.0}",
                "{\"step\":2,\"loss\":2.5,\"learning_rate\":1e-3,\"grad_norm\":2.0}",
                "{\"step\":2,\"eval_loss\":2.0,\"perplexity\":7.39}");

        assertThat(svg.getElementsByTagName("title").item(0).getTextContent()).isEqualTo("bert <b>&");
        assertThat(svg.getTextContent()).contains("perplexity of held-out blocks: 54.60 before, 7.39 after 2 steps");
        // From 2 (bottom, 280) to 4 (top, 72) and from step 0 (left, 56) to 2 (right, 624).
        assertThat(paths(svg)).contains("M340 124L624 228", "M56 72L624 280", "M56 72h0M624 280h0");
    }

    @Test
    void aLongTrainingIsDrawnThroughMeans() throws Exception {
        List<String> lines = new ArrayList<>();
        for (int step = 1; step <= 1000; step++) {
            lines.add("{\"step\":" + step + ",\"loss\":" + (step % 2 == 0 ? 1 : 3) + "}");
        }

        Element svg = drawn("long", lines.toArray(String[]::new));

        assertThat(svg.getTextContent()).contains("nothing was held out");
        assertThat(paths(svg)).anyMatch(path -> path.split("L").length == 200);
    }

    private Element drawn(String title, String... lines) throws Exception {
        Path journal = Files.write(directory.resolve("adaptation.jsonl"), List.of(lines));
        byte[] svg = LossCurve.of(title, journal).getBytes(StandardCharsets.UTF_8);
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg))
                .getDocumentElement();
    }

    private static List<String> paths(Element svg) {
        NodeList paths = svg.getElementsByTagName("path");
        List<String> found = new ArrayList<>();
        for (int i = 0; i < paths.getLength(); i++) {
            found.add(((Element) paths.item(i)).getAttribute("d"));
        }
        return found;
    }
}
