package dev.cloze.job.adapt;

import dev.cloze.adapt.Adaptation;
import dev.cloze.adapt.AdaptationCorpus;
import dev.cloze.adapt.Block;
import dev.cloze.adapt.Masking;
import dev.cloze.adapt.TrainingSettings;
import dev.cloze.bundle.Bundle;
import dev.cloze.bundle.Manifest;
import dev.cloze.failure.ClozeException;
import dev.cloze.job.terminal.Terminal;
import dev.cloze.onnx.OnnxRuntime;
import dev.cloze.text.SubwordTokenizer;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.SparkSession;

/**
 * Adapts a model to a corpus, on the driver.
 *
 * @param request what is wanted
 * @param spark reads the corpus
 * @param terminal where figures and messages go
 */
public record AdaptationRun(AdaptationRequest request, SparkSession spark, Terminal terminal) {
    /** Runs to the end; what it says is meant for a person. */
    public void run() {
        Bundle base = request.base();
        Adaptation.require(base);
        OnnxRuntime.computeWith(request.threads());
        try (SubwordTokenizer tokenizer = SubwordTokenizer.open(base.file(Bundle.TOKENIZER))) {
            AdaptationCorpus corpus = corpus(tokenizer);
            TrainingSettings settings =
                    request.training().settings(corpus.blocks().size());
            terminal.say(String.format(
                    Locale.ROOT,
                    "%,d blocks to train on, %,d held out; %,d steps of %,d blocks",
                    corpus.blocks().size(),
                    corpus.heldOut().size(),
                    settings.schedule().steps(),
                    settings.batching().blocks()));
            String title =
                    base.manifest().name() + ", adapted to " + request.output().getFileName();
            Bundle adapted =
                    adaptation(corpus, settings, tokenizer).run(new AdaptationProgress(title, settings, terminal));
            report(adapted.manifest().lineage());
            terminal.print(adapted.directory().toString());
        }
    }

    private Adaptation adaptation(AdaptationCorpus corpus, TrainingSettings settings, SubwordTokenizer tokenizer) {
        Manifest manifest = request.base().manifest();
        Masking masking = new Masking(
                request.blocks().maskShare(),
                settings.seed(),
                tokenizer.vocabulary().id(manifest.maskToken()).orElseThrow(),
                tokenizer.vocabulary().id(manifest.padToken()).orElseThrow(),
                Math.min(tokenizer.vocabulary().size(), manifest.vocabularySize()));
        return new Adaptation(
                request.base(),
                request.output(),
                corpus,
                masking,
                settings,
                request.training().optimization().frozen(),
                request.training().checkpointEvery(),
                request.described());
    }

    private AdaptationCorpus corpus(SubwordTokenizer tokenizer) {
        int size = request.blocks().size(request.base().manifest().positionLimit());
        CorpusBlocks reader = new CorpusBlocks(spark, request.blocks().examples(), size, tokenizer, terminal);
        List<Block> all = reader.of(request.corpus());
        requireSome(all, "the corpus makes", size);
        if (request.heldOut().isPresent()) {
            List<Block> heldOut = reader.of(request.heldOut().get());
            requireSome(heldOut, "--eval-input makes", size);
            return new AdaptationCorpus(all, heldOut);
        }
        return divided(all);
    }

    private void requireSome(List<Block> blocks, String what, int size) {
        if (blocks.isEmpty()) {
            throw ClozeException.corpus(
                    "adapt model " + request.base().manifest().name(),
                    what + " no block of " + size + " tokens",
                    "give more text, lower --block-size, or take each row by itself with --line-by-line",
                    null);
        }
    }

    private AdaptationCorpus divided(List<Block> all) {
        double share = request.blocks().evalShare();
        AdaptationCorpus divided =
                HeldOutBlocks.divided(all, share, request.training().seed());
        if (divided.blocks().isEmpty() || share > 0 && divided.heldOut().isEmpty()) {
            throw ClozeException.corpus(
                    "adapt model " + request.base().manifest().name(),
                    "the corpus makes " + all.size() + " blocks, too few to hold out some and train on the others",
                    "give more text, lower --block-size, or hold out none with --eval-share 0",
                    null);
        }
        return divided;
    }

    private void report(Manifest.Lineage lineage) {
        if (lineage.lossBefore() != null) {
            terminal.say(String.format(
                    Locale.ROOT,
                    "perplexity of held-out blocks: %.2f before, %.2f after %,d steps",
                    Math.exp(lineage.lossBefore()),
                    Math.exp(lineage.lossAfter()),
                    lineage.steps()));
        }
    }
}
