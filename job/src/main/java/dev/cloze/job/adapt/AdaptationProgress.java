package dev.cloze.job.adapt;

import dev.cloze.adapt.TrainingListener;
import dev.cloze.adapt.TrainingSettings;
import dev.cloze.adapt.TrainingState;
import dev.cloze.job.terminal.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Reports the progress of a training, and draws its losses at the end. */
final class AdaptationProgress implements TrainingListener {
    private static final double NANOS = 1e9;
    private static final double MINUTE = 60;

    private static final String CURVE = "adaptation.svg";

    private final String title;
    private final TrainingSettings settings;
    private final Terminal terminal;
    private final long started = System.nanoTime();
    private long reported = started;
    private long tokens;
    private long steps;

    /** @param title of the picture of the losses */
    AdaptationProgress(String title, TrainingSettings settings, Terminal terminal) {
        this.title = title;
        this.settings = settings;
        this.terminal = terminal;
    }

    @Override
    public void stepped(Step step) {
        tokens += step.tokens();
        steps++;
        long now = System.nanoTime();
        if (now - reported >= terminal.pace().toNanos()) {
            reported = now;
            terminal.progress(line(step, (now - started) / NANOS));
        }
    }

    private String line(Step step, double seconds) {
        long all = settings.schedule().steps();
        double left = (all - step.step()) * seconds / steps;
        return String.format(
                Locale.ROOT,
                "step %,d of %,d, loss %.3f, %,.0f tokens/s, about %s left",
                step.step(),
                all,
                step.loss(),
                tokens / seconds,
                left < MINUTE ? Math.round(left) + " s" : Math.round(left / MINUTE) + " min");
    }

    @Override
    public void evaluated(Evaluated evaluated) {
        terminal.say(String.format(
                Locale.ROOT,
                "step %,d: loss of held-out blocks %.4f, perplexity %.2f",
                evaluated.step(),
                evaluated.loss(),
                evaluated.perplexity()));
    }

    @Override
    public void finishing(Path bundle, Path journal) throws IOException {
        Files.writeString(bundle.resolve(CURVE), LossCurve.of(title, journal));
    }

    @Override
    public void reached(TrainingState state) {
        // Checkpoints are not reported.
    }
}
