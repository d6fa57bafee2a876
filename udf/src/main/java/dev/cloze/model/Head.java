package dev.cloze.model;

import dev.cloze.bundle.Bundle;
import dev.cloze.bundle.Manifest;
import dev.cloze.failure.ClozeException;

/** The output of a model that is used. */
public enum Head {
    /** Log-probabilities of masked tokens, from the text on both sides. */
    MASKED_LM(Bundle.SCORING) {
        @Override
        public void require(Bundle bundle) {
            if (bundle.manifest().kind() != Manifest.Kind.MASKED) {
                throw ClozeException.model(
                        "hide tokens from model " + bundle.manifest().name(),
                        "it is a causal language model: a token sees its left side only, and there is no mask",
                        "use `cloze perplexity --method causal`, or a masked language model");
            }
        }
    },
    /** Log-probabilities of the next token, from the text before it. */
    CAUSAL_LM(Bundle.SCORING) {
        @Override
        public void require(Bundle bundle) {
            if (bundle.manifest().kind() != Manifest.Kind.CAUSAL) {
                throw ClozeException.model(
                        "predict the next token with model " + bundle.manifest().name(),
                        "it is a masked language model: a token sees the token after it, so the figure would mean nothing",
                        "use --method pll, pll-word or mlm, or a causal language model");
            }
        }
    },
    /** Hidden states of the last layer. */
    HIDDEN_STATES(Bundle.FEATURES) {
        @Override
        public void require(Bundle bundle) {
            if (!bundle.manifest().files().containsKey(Bundle.FEATURES)) {
                throw ClozeException.model(
                        "read hidden states of model " + bundle.manifest().name(),
                        "the end of its last layer was not found in its graph",
                        "export the model without fusing its operators, and import it again");
            }
        }
    };

    private final String graph;

    Head(String graph) {
        this.graph = graph;
    }

    /** The bundle's graph that computes it. */
    public String graph() {
        return graph;
    }

    /** Fails when the model of {@code bundle} does not have it. */
    public abstract void require(Bundle bundle);
}
