package dev.cloze.job.command;

import dev.cloze.bundle.Bundle;
import dev.cloze.job.models.ModelChoice;
import dev.cloze.job.run.Terminal;
import dev.cloze.mask.LongTexts;
import dev.cloze.model.DeviceWish;
import dev.cloze.spark.ModelFiles;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What scores, and how much of a text it sees. */
final class ModelOptions {
    @Option(
            names = "--model",
            paramLabel = "MODEL",
            description =
                    "bert-base-uncased, bert-base-cased, bert-base-multilingual-cased, the name of an imported"
                            + " model, the directory of a bundle, or its URL, such as hdfs:///models/bert (default: ${DEFAULT-VALUE}).")
    private String model = "bert-base-uncased";

    @Mixin
    private CacheOptions cache;

    @Option(
            names = "--long",
            paramLabel = "MODE",
            description = "Texts longer than the model: window, every scored token with as much text on both sides as"
                    + " fits; truncate; fail (default: window).")
    private Optional<LongTexts> longTexts = Optional.empty();

    /** The bundle, undamaged, on {@code device}. */
    ModelChoice choice(DeviceWish device, Terminal terminal) {
        Bundle bundle = cache.models(terminal).open(model);
        bundle.verify();
        String directory = bundle.directory().toAbsolutePath().normalize().toString();
        return new ModelChoice(bundle, ModelFiles.isUrl(model) ? model : directory, device);
    }

    boolean saysWhatToDoWithLongTexts() {
        return longTexts.isPresent();
    }

    LongTexts longTexts() {
        return longTexts.orElse(LongTexts.WINDOW);
    }
}
