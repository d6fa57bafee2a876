package dev.cloze.model;

import dev.cloze.bundle.Bundle;
import dev.cloze.bundle.Manifest;
import dev.cloze.failure.ClozeException;

/** What a model is opened for. */
public enum Purpose {
    /** Words for hidden tokens, from both sides. */
    FILL(Bundle.SCORING) {
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
    /** The next word, from the left side. */
    CONTINUE(Bundle.SCORING) {
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
    /** Hidden states. */
    DESCRIBE(Bundle.FEATURES) {
        @Override
        public void require(Bundle bundle) {
            if (!bundle.manifest().files().containsKey(Bundle.FEATURES)) {
                throw ClozeException.model(
                        "read hidden states of model " + bundle.manifest().name(),
                        "where its last layer ends could not be told from its graph",
                        "export the model without fusing its operators, and import it again");
            }
        }
    };

    private final String graph;

    Purpose(String graph) {
        this.graph = graph;
    }

    /** The bundle's file that does it. */
    public String graph() {
        return graph;
    }

    /** Fails when {@code bundle} is not fit for it. */
    public abstract void require(Bundle bundle);
}
