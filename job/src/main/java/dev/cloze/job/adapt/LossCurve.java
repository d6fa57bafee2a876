package dev.cloze.job.adapt;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cloze.job.report.LossChart;
import dev.cloze.job.report.Pages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Draws the losses of a training. It shows no times, so that equal trainings have equal pictures. */
final class LossCurve {
    private static final ObjectMapper JSON = new ObjectMapper();

    private LossCurve() {}

    /** The losses in {@code journal}, see {@code adaptation.jsonl}, as SVG. */
    static String of(String title, Path journal) throws IOException {
        List<LossChart.Point> training = new ArrayList<>();
        List<LossChart.Point> heldOut = new ArrayList<>();
        for (String line : Files.readAllLines(journal)) {
            JsonNode entry = JSON.readTree(line);
            add(entry, "loss", training);
            add(entry, "eval_loss", heldOut);
        }
        return Pages.of(LossChart.of(title, subtitle(heldOut), training, heldOut));
    }

    private static void add(JsonNode entry, String key, List<LossChart.Point> points) {
        if (entry.has(key)) {
            points.add(new LossChart.Point(
                    entry.path("step").asDouble(), entry.path(key).asDouble()));
        }
    }

    private static String subtitle(List<LossChart.Point> heldOut) {
        if (heldOut.isEmpty()) {
            return "nothing was held out";
        }
        return String.format(
                Locale.ROOT,
                "perplexity of held-out blocks: %.2f before, %.2f after %,.0f steps",
                Math.exp(heldOut.get(0).loss()),
                Math.exp(heldOut.get(heldOut.size() - 1).loss()),
                heldOut.get(heldOut.size() - 1).step());
    }
}
