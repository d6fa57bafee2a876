import dev.cloze.bundle.Bundle;
import dev.cloze.mask.LongTexts;
import dev.cloze.model.Head;
import dev.cloze.model.LanguageModel;
import dev.cloze.scoring.Candidate;
import dev.cloze.scoring.FillMask;
import dev.cloze.scoring.FilledMask;
import dev.cloze.scoring.Metric;
import dev.cloze.scoring.Metrics;
import dev.cloze.scoring.Outcome;
import dev.cloze.scoring.Scorer;
import dev.cloze.scoring.Targets;
import dev.cloze.text.Document;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The engine without Spark, for bench/job_engine.py and bench/peers.py: fills the masks of the lines of a file, in as many threads as are given, and
 * prints the seconds, those of them that opening the model took, tokens, padding and batches, and then the best token of each line and its probability.
 */
class Engine {
    private static final int BATCH_TOKENS = 512;

    public static void main(String[] arguments) throws Exception {
        List<String> lines = Files.readAllLines(Path.of(arguments[1]));
        int threads = Integer.parseInt(arguments[2]);
        FillMask task = new FillMask(5, Targets.any(), LongTexts.WINDOW, false);
        Metrics metrics = new Metrics();
        long started = System.nanoTime();
        double opening;
        List<Candidate> best = new ArrayList<>();
        try (LanguageModel model = LanguageModel.open(Bundle.open(Path.of(arguments[0])), Head.MASKED_LM)) {
            opening = (System.nanoTime() - started) / 1e9;
            ExecutorService pool = Executors.newFixedThreadPool(threads);
            List<Future<List<Candidate>>> shares = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                List<String> share = lines.subList(lines.size() * i / threads, lines.size() * (i + 1) / threads);
                shares.add(pool.submit(() -> fill(share, new Scorer<>(model, task, BATCH_TOKENS).metered(metrics))));
            }
            for (Future<List<Candidate>> share : shares) {
                best.addAll(share.get());
            }
            pool.shutdown();
        }
        System.out.printf(
                "%.3f %.3f %d %d %d%n",
                (System.nanoTime() - started) / 1e9,
                opening,
                metrics.of(Metric.TOKENS),
                metrics.of(Metric.PADDING),
                metrics.of(Metric.BATCHES));
        best.forEach(one -> System.out.println(one.token().orElseThrow() + " " + one.score()));
    }

    private static List<Candidate> fill(List<String> lines, Scorer<List<FilledMask>> scorer) {
        Iterator<Document> documents =
                lines.stream().map(line -> Document.of("line", line)).iterator();
        List<Candidate> best = new ArrayList<>();
        for (Iterator<Outcome<List<FilledMask>>> outcomes = scorer.score(documents); outcomes.hasNext(); ) {
            best.add(outcomes.next().value().orElseThrow().get(0).candidates().get(0));
        }
        return best;
    }
}
