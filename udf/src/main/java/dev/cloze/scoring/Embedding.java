package dev.cloze.scoring;

import dev.cloze.mask.LongTexts;
import dev.cloze.mask.Variant;
import dev.cloze.mask.WindowShare;
import dev.cloze.mask.Windows;
import dev.cloze.model.Head;
import dev.cloze.model.LanguageModel;
import dev.cloze.model.Prediction;
import dev.cloze.text.TokenizedDocument;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The hidden states of the model's last layer ({@code last_hidden_state} of transformers), of each token or pooled. A text
 * longer than the model is read in windows; each token is taken from the window that shows most around it.
 *
 * @param pooling what becomes of the tokens' states
 * @param longTexts what happens to documents longer than the model
 */
public record Embedding(Pooling pooling, LongTexts longTexts) implements ScoringTask<Features> {
    private static final long serialVersionUID = 1L;

    /** How the states of many tokens become one vector. */
    public enum Pooling {
        /** Their mean, the template's special tokens included, as sentence-transformers does. Of a long text those count once. */
        MEAN,
        /** That of the special token before the text; of a long text, the mean over its windows. */
        CLS,
        /** Not at all: each token of the text keeps its own. */
        TOKENS
    }

    @Override
    public boolean isSameForEqualTexts() {
        return true;
    }

    @Override
    public Head head() {
        return Head.HIDDEN_STATES;
    }

    @Override
    public Plan<Features> plan(TokenizedDocument document, LanguageModel model) {
        return LengthPolicy.plan("embed", document, model.positionLimit(), longTexts, left -> read(left, model));
    }

    private Plan<Features> read(TokenizedDocument document, LanguageModel model) {
        if (pooling == Pooling.CLS && document.sequenceIds()[0] != TokenizedDocument.SPECIAL) {
            return Plan.refuse(
                    Status.FAILED,
                    "Cannot embed the text: the model's tokenizer puts no special token before it; use --pooling mean");
        }
        States states = new States(document);
        return new Plan<>(
                new Windows(document, model.positionLimit())
                        .shares().stream().map(share -> query(share, states)).iterator(),
                () -> Outcome.of(states.features(model)));
    }

    private Query query(WindowShare share, States states) {
        TokenizedDocument seen = share.window().content();
        int[] positions = wanted(share);
        int[] indexes = IntStream.of(positions).map(share.window()::indexOf).toArray();
        long[][] noCandidates = Collections.nCopies(indexes.length, new long[0]).toArray(long[][]::new);
        return new Query(
                new Variant(seen.ids(), seen.typeIds(), indexes, 0, noCandidates),
                predictions -> states.observe(positions, predictions));
    }

    /** Positions in the document whose states are wanted of a window. */
    private int[] wanted(WindowShare share) {
        int[] kept = share.window().kept();
        int[] sequenceIds = share.window().document().sequenceIds();
        if (pooling == Pooling.CLS) {
            return new int[] {kept[0]};
        }
        boolean withTemplate = pooling == Pooling.MEAN && share.number() == 0;
        return IntStream.of(kept)
                .filter(position -> sequenceIds[position] == TokenizedDocument.SPECIAL
                        ? withTemplate
                        : Arrays.binarySearch(share.positions(), position) >= 0)
                .toArray();
    }

    /** The hidden states of one document's windows. */
    private final class States {
        private final TokenizedDocument document;
        private final float[][] kept;
        private double[] sum = new double[0];
        private int count;

        States(TokenizedDocument document) {
            this.document = document;
            this.kept = new float[pooling == Pooling.TOKENS ? document.length() : 0][];
        }

        void observe(int[] positions, List<Prediction> predictions) {
            for (int i = 0; i < positions.length; i++) {
                float[] state = predictions.get(i).features();
                if (pooling == Pooling.TOKENS) {
                    kept[positions[i]] = state;
                } else {
                    add(state);
                }
            }
        }

        private void add(float[] state) {
            if (count == 0) {
                sum = new double[state.length];
            }
            for (int i = 0; i < state.length; i++) {
                sum[i] += state[i];
            }
            count++;
        }

        Features features(LanguageModel model) {
            if (pooling != Pooling.TOKENS) {
                float[] mean = new float[sum.length];
                for (int i = 0; i < mean.length; i++) {
                    mean[i] = (float) (sum[i] / count);
                }
                return new Features(mean, List.of());
            }
            List<Features.TokenFeatures> tokens = new ArrayList<>();
            for (int i = 0; i < kept.length; i++) {
                if (kept[i] != null) {
                    String token = model.tokenizer().vocabulary().token(document.ids()[i]);
                    tokens.add(new Features.TokenFeatures(token, document.starts()[i], document.ends()[i], kept[i]));
                }
            }
            return new Features(new float[0], tokens);
        }
    }
}
