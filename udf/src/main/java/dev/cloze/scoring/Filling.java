package dev.cloze.scoring;

import dev.cloze.mask.Window;
import dev.cloze.model.Answer;
import dev.cloze.model.LanguageModel;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;

/** Which questions find what may fill masks. */
interface Filling {

    /** The questions about masks that share a window; their observers tell the masks. */
    Iterator<Question> questions(Blanks masks);

    static Filling of(Targets targets, int topK, LanguageModel model) {
        if (targets instanceof Targets.Words words) {
            return new WordFilling(words.words(), model);
        }
        if (targets instanceof Targets.Ids ids) {
            return masks -> one(masks, 0, ids.ids());
        }
        return masks -> one(masks, Math.min(topK, model.vocabularySize()), new long[0]);
    }

    private static Iterator<Question> one(Blanks masks, int most, long[] ids) {
        return List.of(new Question(
                        masks.variant(most, Collections.nCopies(masks.blanks().size(), ids)), answers -> {
                            for (int i = 0; i < answers.size(); i++) {
                                tell(masks.blanks().get(i), answers.get(i), most, ids, masks.window());
                            }
                        }))
                .iterator();
    }

    private static void tell(Blank blank, Answer answer, int most, long[] ids, Window window) {
        for (int k = 0; k < most; k++) {
            blank.add(answer.topLogProbabilities()[k], answer.topIds()[k], window);
        }
        for (int i = 0; i < ids.length; i++) {
            blank.add(answer.candidateLogProbabilities()[i], ids[i], window);
        }
    }
}
