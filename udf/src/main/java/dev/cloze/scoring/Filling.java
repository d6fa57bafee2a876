package dev.cloze.scoring;

import dev.cloze.mask.Window;
import dev.cloze.model.LanguageModel;
import dev.cloze.model.Prediction;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;

/** Which queries find what may fill masks. */
interface Filling {

    /** The queries about masks that share a window; their callbacks tell the masks. */
    Iterator<Query> queries(MaskPositions masks);

    static Filling of(Targets targets, int topK, LanguageModel model) {
        if (targets instanceof Targets.Words words) {
            return new WordFilling(words.words(), model);
        }
        if (targets instanceof Targets.Ids ids) {
            return masks -> one(masks, 0, ids.ids());
        }
        return masks -> one(masks, Math.min(topK, model.vocabularySize()), new long[0]);
    }

    private static Iterator<Query> one(MaskPositions masks, int most, long[] ids) {
        return List.of(new Query(
                        masks.variant(
                                most, Collections.nCopies(masks.positions().size(), ids)),
                        predictions -> {
                            for (int i = 0; i < predictions.size(); i++) {
                                tell(masks.positions().get(i), predictions.get(i), most, ids, masks.window());
                            }
                        }))
                .iterator();
    }

    private static void tell(MaskPosition mask, Prediction prediction, int most, long[] ids, Window window) {
        for (int k = 0; k < most; k++) {
            mask.add(prediction.topLogProbabilities()[k], prediction.topIds()[k], window);
        }
        for (int i = 0; i < ids.length; i++) {
            mask.add(prediction.candidateLogProbabilities()[i], ids[i], window);
        }
    }
}
