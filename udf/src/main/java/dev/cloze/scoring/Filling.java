package dev.cloze.scoring;

import dev.cloze.model.Answer;
import dev.cloze.model.LanguageModel;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ObjIntConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Which questions find the candidates of masks. */
interface Filling {

    /** The questions about masks that share a window; their observers add candidates to the masks. */
    Stream<Question> questions(Blanks masks);

    static Filling of(Targets targets, int topK, LanguageModel model) {
        if (targets instanceof Targets.Words words) {
            return new WordFilling(words.words(), model);
        }
        if (targets instanceof Targets.Ids ids) {
            return masks -> Stream.of(best(masks, ids.ids(), topK));
        }
        int most = Math.min(topK, model.vocabularySize());
        return masks -> Stream.of(new Question(
                masks.variant(most, new long[0]),
                each(masks, (answer, i) -> addTop(masks.blanks().get(i), masks, answer, most))));
    }

    private static void addTop(Blank blank, Blanks masks, Answer answer, int most) {
        for (int k = 0; k < most; k++) {
            blank.add(answer.topLogProbabilities()[k], answer.topIds()[k], masks.window());
        }
    }

    private static Question best(Blanks masks, long[] ids, int topK) {
        return new Question(
                masks.variant(0, ids),
                each(masks, (answer, i) -> addBest(masks.blanks().get(i), masks, answer, ids, topK)));
    }

    /** Only the best are decoded: there may be thousands of targets. */
    private static void addBest(Blank blank, Blanks masks, Answer answer, long[] ids, int topK) {
        float[] scores = answer.candidateLogProbabilities();
        IntStream.range(0, ids.length)
                .boxed()
                .sorted(Comparator.comparing((Integer i) -> scores[i], Collections.reverseOrder())
                        .thenComparingLong(i -> ids[i]))
                .limit(topK)
                .forEach(i -> blank.add(scores[i], ids[i], masks.window()));
    }

    private static Consumer<List<Answer>> each(Blanks masks, ObjIntConsumer<Answer> observer) {
        return answers -> {
            for (int i = 0; i < masks.blanks().size(); i++) {
                observer.accept(answers.get(i), i);
            }
        };
    }
}
