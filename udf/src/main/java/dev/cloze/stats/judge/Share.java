package dev.cloze.stats.judge;

import dev.cloze.stats.night.Slice;

/**
 * What a slice has to do with a change of the corpus' cross-entropy.
 *
 * @param shareBefore w: its share of the scored tokens of the baseline
 * @param share w′: the same tonight
 * @param crossEntropyBefore c: its cross-entropy in the baseline, nats a token
 * @param crossEntropy c′: the same tonight
 * @param mix nats that come from the slice being a larger or smaller part of the corpus
 * @param within nats that come from its own texts
 */
public record Share(
        Slice slice,
        double shareBefore,
        double share,
        double crossEntropyBefore,
        double crossEntropy,
        double mix,
        double within) {}
