package dev.cloze.scoring;

import dev.cloze.bundle.Bundle;
import dev.cloze.mask.LongTexts;
import dev.cloze.text.SubwordTokenizer;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * How masks are to be filled, before the model is known.
 *
 * @param topK candidates of each mask; of words, all of them when absent
 * @param targets what may be filled in; anything when absent
 * @param mode how targets are understood
 * @param longTexts what happens to documents longer than the model
 * @param cleanUp whether decoded text is tidied; as the model's tokenizer is set up when absent
 */
public record FillMaskRequest(
        Optional<Integer> topK,
        Optional<List<String>> targets,
        Targets.Mode mode,
        LongTexts longTexts,
        Optional<Boolean> cleanUp) {

    /** The task for the model in {@code bundle}; {@code warnings} hears of targets that are not taken as they are. */
    public FillMask task(Bundle bundle, Consumer<String> warnings) {
        int usual =
                mode == Targets.Mode.WORD ? targets.map(List::size).orElse(FillMask.USUAL_TOP_K) : FillMask.USUAL_TOP_K;
        boolean tidy = cleanUp.orElse(bundle.manifest().cleanUp());
        return new FillMask(topK.orElse(usual), found(bundle, warnings), longTexts, tidy);
    }

    private Targets found(Bundle bundle, Consumer<String> warnings) {
        if (targets.isEmpty()) {
            return Targets.any();
        }
        try (SubwordTokenizer tokenizer = SubwordTokenizer.open(bundle.file(Bundle.TOKENIZER))) {
            return mode == Targets.Mode.WORD
                    ? Targets.words(targets.get(), tokenizer)
                    : Targets.firstPieces(targets.get(), tokenizer, warnings);
        }
    }
}
