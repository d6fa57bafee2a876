package dev.cloze.scoring;

import dev.cloze.mask.LongTexts;
import dev.cloze.mask.MaskTokens;
import dev.cloze.mask.Window;
import dev.cloze.mask.Windows;
import dev.cloze.model.LanguageModel;
import dev.cloze.text.Decoder;
import dev.cloze.text.TokenizedDocument;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The most probable fillings of every mask that the author wrote. Masks of one text are filled independently of each other:
 * all of them stay masked while one is filled (transformers {@code FillMaskPipeline}).
 *
 * @param topK candidates of each mask, at most
 * @param targets what may be filled in
 * @param longTexts what happens to documents longer than the model
 * @param cleanUp whether decoded text is tidied, see {@link Decoder}
 */
public record FillMask(int topK, Targets targets, LongTexts longTexts, boolean cleanUp)
        implements ScoringTask<List<FilledMask>> {
    private static final long serialVersionUID = 1L;
    /** Candidates of each mask at most: each of them is a whole text in memory. */
    public static final int MOST_TOP_K = 10_000;

    public FillMask {
        if (topK < 1 || topK > MOST_TOP_K) {
            throw new IllegalArgumentException("A mask has 1 to " + MOST_TOP_K + " candidates");
        }
    }

    @Override
    public boolean isSameForEqualTexts() {
        return true;
    }

    @Override
    public Plan<List<FilledMask>> plan(TokenizedDocument document, LanguageModel model) {
        int limit = model.positionLimit();
        boolean tooLong = document.length() > limit;
        int[] masked = MaskTokens.of(document, model.maskId());
        if (document.contentLength() == 0) {
            return Plan.refuse(Status.EMPTY, "Cannot fill masks: the text is empty; leave the row out");
        }
        if (masked.length == 0) {
            return Plan.refuse(Status.NO_MASK, noMask(model, "the text"));
        }
        if (tooLong && longTexts == LongTexts.FAIL) {
            String why = "the text has " + document.length() + " tokens, the model reads " + limit;
            return Plan.refuse(Status.TOO_LONG, "Cannot fill masks: " + why + "; use --long window or --long truncate");
        }
        if (tooLong && longTexts == LongTexts.TRUNCATE) {
            TokenizedDocument beginning =
                    new Windows(document, limit).beginning().content();
            int[] left = MaskTokens.of(beginning, model.maskId());
            return left.length == 0
                    ? Plan.refuse(Status.NO_MASK, noMask(model, "the first " + limit + " tokens of the text"))
                    : fill(beginning, left, model);
        }
        return fill(document, masked, model);
    }

    private static String noMask(LanguageModel model, String where) {
        String mask = model.tokenizer().vocabulary().token(model.maskId());
        return "Cannot fill masks: there is no mask in " + where + "; write " + mask + " where a word is missing";
    }

    private Plan<List<FilledMask>> fill(TokenizedDocument document, int[] masked, LanguageModel model) {
        Decoder decoder = new Decoder(model.tokenizer(), model.padId(), cleanUp);
        List<MaskPosition> positions = Arrays.stream(masked)
                .mapToObj(position -> new MaskPosition(document, position, masked.length, decoder))
                .toList();
        Filling filling = Filling.of(targets, topK, model);
        return new Plan<>(
                new Chain<>(together(positions, model).iterator(), filling::queries),
                () -> Outcome.of(
                        positions.stream().map(mask -> filled(mask, model)).toList()));
    }

    private FilledMask filled(MaskPosition mask, LanguageModel model) {
        model.requireNotCancelled();
        return mask.filled(topK);
    }

    /** Each mask is seen from the middle of its own window; masks that share a window share a run of the model. */
    private static List<MaskPositions> together(List<MaskPosition> positions, LanguageModel model) {
        List<MaskPositions> groups = new ArrayList<>();
        Windows windows = new Windows(positions.get(0).document(), model.positionLimit());
        for (MaskPosition mask : positions) {
            model.requireNotCancelled();
            Window own = windows.around(mask.position());
            MaskPositions last = groups.isEmpty() ? null : groups.get(groups.size() - 1);
            if (last == null
                    || last.isFull()
                    || !Arrays.equals(own.kept(), last.window().kept())) {
                last = new MaskPositions(own, new ArrayList<>());
                groups.add(last);
            }
            last.positions().add(mask);
        }
        return groups;
    }
}
