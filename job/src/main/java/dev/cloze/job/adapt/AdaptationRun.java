package dev.cloze.job.adapt;

import dev.cloze.adapt.Adaptation;
import dev.cloze.adapt.AdaptationCorpus;
import dev.cloze.adapt.Block;
import dev.cloze.adapt.Masking;
import dev.cloze.adapt.TrainingSettings;
import dev.cloze.bundle.Bundle;
import dev.cloze.bundle.Manifest;
import dev.cloze.failure.ClozeException;
import dev.cloze.job.input.Corpus;
import dev.cloze.job.terminal.Terminal;
import dev.cloze.mask.Draw;
import dev.cloze.onnx.OnnxRuntime;
import dev.cloze.text.SubwordTokenizer;
import java.util.ArrayList;
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
    /** Names the drawing of held-out blocks. */
    private static final String HELD_OUT = "held-out blocks";

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
            Bundle adapted = adaptation(corpus, settings, tokenizer).run(new AdaptationProgress(settings, terminal));
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
                request.training().checkpointEvery(),
                request.described());
    }

    private AdaptationCorpus corpus(SubwordTokenizer tokenizer) {
        int size = request.blocks().size(request.base().manifest().positionLimit());
        CorpusBlocks reader = new CorpusBlocks(spark, request.blocks().examples(), size, tokenizer, terminal);
        List<Block> all = reader.of(request.corpus());
        requireSome(all, size);
        if (request.heldOut().isPresent()) {
            Corpus texts = request.heldOut().get();
            return new AdaptationCorpus(all, reader.of(texts));
        }
        return divided(all);
    }

    private void requireSome(List<Block> blocks, int size) {
        if (blocks.isEmpty()) {
            throw ClozeException.corpus(
                    "adapt model " + request.base().manifest().name(),
                    "the corpus makes no block of " + size + " tokens",
                    "give more text, lower --block-size, or take each row by itself with --line-by-line",
                    null);
        }
    }

    /** Each block is drawn on its own, so that the same ones are held out of the same corpus. */
    private AdaptationCorpus divided(List<Block> all) {
        List<Block> blocks = new ArrayList<>();
        List<Block> heldOut = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            boolean held = Draw.of(request.training().seed(), HELD_OUT, 0, i).uniform(0)
                    < request.blocks().evalShare();
            (held ? heldOut : blocks).add(all.get(i));
        }
        if (blocks.isEmpty()) {
            throw ClozeException.corpus(
                    "adapt model " + request.base().manifest().name(),
                    "all of the " + all.size() + " blocks of the corpus are held out",
                    "give more text, or lower --eval-share",
                    null);
        }
        return new AdaptationCorpus(blocks, heldOut);
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
