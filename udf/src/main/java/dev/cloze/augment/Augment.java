package dev.cloze.augment;

import dev.cloze.mask.LongTexts;
import dev.cloze.model.LanguageModel;
import dev.cloze.scoring.Plan;
import dev.cloze.scoring.ScoringTask;
import dev.cloze.scoring.Status;
import dev.cloze.text.Document;
import dev.cloze.text.TokenizedDocument;
import java.util.ArrayList;
import java.util.List;

/**
 * Candidates of a text: some of its words replaced, or words put between them. The same again for the same seed and the same
 * document id, whatever the cluster.
 *
 * @param change what is done to a text
 * @param amount to how many of its words
 * @param rules which words take part
 * @param sampling how one of several words is chosen
 * @param checks what a candidate must pass as a whole
 * @param supply how many candidates are made
 * @param longTexts what happens to documents longer than the model: of a truncated one only the beginning is changed, and none
 *     of its text is lost
 */
public record Augment(
        Change change, Amount amount, Rules rules, Sampling sampling, Checks checks, Supply supply, LongTexts longTexts)
        implements ScoringTask<Rewrites> {
    private static final long serialVersionUID = 1L;

    /** A parameter of a document: how many candidates are made of it, an Integer. */
    public static final String VARIANTS = "variants";
    /** A parameter of a document: starts and ends of spans that stay as they are, in turn, a list of Integers. */
    public static final String PROTECTED = "protected";

    @Override
    public boolean needsHiddenStates() {
        return checks.readSimilarity();
    }

    @Override
    public long cost(int characters) {
        return cost(characters, supply.variants());
    }

    /** Tokens that the model reads for so many candidates of a text of so many characters, roughly. */
    public long cost(int characters, int variants) {
        long tokens = ScoringTask.tokens(characters);
        long words = change.order() == Change.Order.SEQUENTIAL ? amount.max() : 1;
        long figures = checks.figures() == Checks.Figures.PLL_CHANGE ? tokens : 0;
        return tokens * (variants * (words * change.mostPieces() + figures) + 1);
    }

    @Override
    public Plan<Rewrites> plan(TokenizedDocument document, LanguageModel model) {
        if (document.contentLength() == 0) {
            return Plan.refuse(Status.EMPTY, "Cannot augment the text: it has no tokens; leave the row out");
        }
        if (document.length() > model.positionLimit() && longTexts == LongTexts.FAIL) {
            return Plan.refuse(
                    Status.TOO_LONG,
                    "Cannot augment the text: it has " + document.length() + " tokens, the model reads "
                            + model.positionLimit() + "; use --long window or --long truncate");
        }
        int variants = variants(document.document());
        if (variants > Supply.MOST_VARIANTS) {
            return Plan.refuse(
                    Status.FAILED,
                    "Cannot augment the text: " + variants + " variants are wanted, at most " + Supply.MOST_VARIANTS
                            + " of a text can be made; ask for fewer");
        }
        Source source = Source.of(document, model, this, shielded(document.document()));
        return new Rewriting(source, variants).plan();
    }

    private int variants(Document document) {
        return (int) document.parameters().getOrDefault(VARIANTS, supply.variants());
    }

    private List<Span> shielded(Document document) {
        List<Span> spans = new ArrayList<>(rules.shieldedIn(document.text()));
        List<?> given = (List<?>) document.parameters().getOrDefault(PROTECTED, List.of());
        for (int i = 0; i + 1 < given.size(); i += 2) {
            spans.add(span(given.get(i), given.get(i + 1)));
        }
        return spans;
    }

    /** An invalid span fails its own row only: it comes from the row's column, not from the program. */
    private static Span span(Object start, Object end) {
        if (start instanceof Integer from && end instanceof Integer to && from >= 0 && to >= from) {
            return new Span(from, to);
        }
        throw new IllegalArgumentException("a protected span goes from " + start + " to " + end);
    }
}
