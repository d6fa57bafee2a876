package dev.cloze.scoring;

import dev.cloze.mask.Draw;
import dev.cloze.mask.LongTexts;
import dev.cloze.mask.WindowShare;
import dev.cloze.mask.Windows;
import dev.cloze.model.LanguageModel;
import dev.cloze.text.TokenizedDocument;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The cross-entropy of a random share of the tokens, as masked language models are trained and evaluated (Devlin et al. 2019;
 * {@code DataCollatorForLanguageModeling} of transformers). Each token is drawn on its own. All drawn tokens of a window are
 * hidden together, and all of them are scored, also those that were left as they are.
 *
 * <p>What is drawn depends on the seed, the document's id, the window and the position: see {@link Draw}. Of its numbers the
 * first chooses tokens, the second what is done to them, the third the token put in place.
 *
 * @param share of the tokens that is drawn, above 0 and at most 1
 * @param hiding what becomes of drawn tokens
 * @param seed another seed draws other tokens
 * @param longTexts what happens to documents longer than the model
 */
public record MaskedCrossEntropy(double share, Hiding hiding, long seed, LongTexts longTexts)
        implements ScoringTask<DocumentScore> {
    private static final long serialVersionUID = 1L;

    private static final double MASKED = 0.8;
    private static final double MASKED_OR_RANDOM = 0.9;

    /** What becomes of the tokens that were drawn. */
    public enum Hiding {
        /** 80 % become masks, 10 % a random token of the vocabulary, 10 % stay: as BERT was trained. */
        BERT,
        /** All become masks. */
        MASK
    }

    @Override
    public Plan<DocumentScore> plan(TokenizedDocument document, LanguageModel model) {
        return LengthPolicy.plan(
                "score", document, model.positionLimit(), longTexts, left -> score(new ScoredText(left), model));
    }

    private Plan<DocumentScore> score(ScoredText text, LanguageModel model) {
        List<Query> queries = new Windows(text.tokens(), model.positionLimit())
                .shares().stream()
                        .flatMap(own -> query(own, text, model).stream())
                        .toList();
        if (queries.isEmpty()) {
            return Plan.refuse(
                    Status.NO_MASK,
                    "Cannot score the text: none of its " + text.tokens().contentLength()
                            + " tokens was drawn; raise --mask-share, or leave the row out");
        }
        return new Plan<>(queries.iterator(), () -> text.scoreOfSample(model));
    }

    private Optional<Query> query(WindowShare own, ScoredText text, LanguageModel model) {
        model.requireNotCancelled();
        String id = text.tokens().document().id();
        TokenizedDocument seen = own.window().content();
        long[] ids = seen.ids().clone();
        List<Integer> drawn = new ArrayList<>();
        for (int position : own.positions()) {
            Draw draw = Draw.of(seed, id, own.number(), position);
            if (draw.uniform(0) < share) {
                int index = own.window().indexOf(position);
                ids[index] = hide(draw, ids[index], model);
                drawn.add(position);
            }
        }
        if (drawn.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(text.query(
                own.window(), ids, drawn.stream().mapToInt(Integer::intValue).toArray()));
    }

    private long hide(Draw draw, long id, LanguageModel model) {
        double fate = draw.uniform(1);
        if (hiding == Hiding.MASK || fate < MASKED) {
            return model.maskId();
        }
        return fate < MASKED_OR_RANDOM
                ? (long) (draw.uniform(2) * model.tokenizer().vocabulary().size())
                : id;
    }
}
