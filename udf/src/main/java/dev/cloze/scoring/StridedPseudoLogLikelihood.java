package dev.cloze.scoring;

import dev.cloze.mask.LongTexts;
import dev.cloze.mask.WindowShare;
import dev.cloze.mask.Windows;
import dev.cloze.model.LanguageModel;
import dev.cloze.text.TokenizedDocument;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * An approximation of the {@link PseudoLogLikelihood}: every {@code stride}-th token of a text is masked at once, so that the model reads the
 * text {@code stride} times and not once for each of its tokens. Every token is scored exactly once, but sees masks in place of the tokens that
 * are a multiple of the stride away. A text longer than the model is seen through few windows.
 *
 * @param stride at least 2
 * @param longTexts what happens to documents longer than the model
 */
public record StridedPseudoLogLikelihood(int stride, LongTexts longTexts) implements ScoringTask<DocumentScore> {
    private static final long serialVersionUID = 1L;

    /** Tokens that most models read at once. */
    private static final int USUAL_WINDOW = 512;

    @Override
    public boolean isSameForEqualTexts() {
        return true;
    }

    @Override
    public long cost(int characters) {
        long tokens = ScoringTask.tokens(characters);
        long times = Math.min(tokens, stride);
        // Windows of long texts overlap by a half.
        return tokens * times * (tokens > USUAL_WINDOW ? 2 : 1);
    }

    @Override
    public Plan<DocumentScore> plan(TokenizedDocument document, LanguageModel model) {
        return LengthPolicy.plan(
                "score", document, model.positionLimit(), longTexts, left -> score(new ScoredText(left), model));
    }

    private Plan<DocumentScore> score(ScoredText text, LanguageModel model) {
        Stream<WindowShare> shares = new Windows(text.tokens(), model.positionLimit()).shares().stream();
        return new Plan<>(shares.flatMap(own -> queries(own, text, model)).iterator(), () -> text.score(model));
    }

    private Stream<Query> queries(WindowShare own, ScoredText text, LanguageModel model) {
        return IntStream.range(0, Math.min(stride, own.positions().length))
                .mapToObj(first -> query(own, every(first, own.positions()), text, model));
    }

    private int[] every(int first, int[] positions) {
        return IntStream.iterate(first, i -> i < positions.length, i -> i + stride)
                .map(i -> positions[i])
                .toArray();
    }

    private static Query query(WindowShare own, int[] masked, ScoredText text, LanguageModel model) {
        model.requireNotCancelled();
        long[] ids = own.window().content().ids().clone();
        IntStream.of(masked).map(own.window()::indexOf).forEach(index -> ids[index] = model.maskId());
        return text.query(own.window(), ids, masked);
    }
}
