package dev.cloze.job.command;

import dev.cloze.catalog.ModelChoice;
import dev.cloze.job.terminal.Terminal;
import dev.cloze.onnx.DeviceRequest;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What scores. */
@Section(HelpPage.MODEL)
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

    /** The bundle, undamaged, on {@code device}. */
    ModelChoice choice(DeviceRequest device, Terminal terminal) {
        return ModelChoice.of(model, cache.models(terminal), device);
    }
}
