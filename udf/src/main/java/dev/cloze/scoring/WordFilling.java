package dev.cloze.scoring;

import dev.cloze.mask.Variant;
import dev.cloze.mask.Window;
import dev.cloze.mask.Windows;
import dev.cloze.model.LanguageModel;
import dev.cloze.text.TokenizedDocument;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Whole words as candidates. A word of n pieces stands in the place of n masks; its probability is that of its first piece
 * with all n masked, times that of its second piece after the first, and so on, left to right within the word (the order of
 * PLL-word-l2r, Kauf and Ivanova 2023). Words that begin alike share the runs of the model for what they share.
 */
final class WordFilling implements Filling {
    private final LanguageModel model;
    private final Spellings alone;
    private final Spellings afterBlank;

    WordFilling(List<Targets.Word> words, LanguageModel model) {
        this.model = model;
        this.alone = Spellings.of(words, Targets.Word::alone);
        this.afterBlank = Spellings.of(words, Targets.Word::afterBlank);
    }

    @Override
    public Iterator<Query> queries(MaskPositions masks) {
        Iterator<Query> several = new Chain<>(masks.positions().iterator(), this::several);
        return new Chain<>(List.of(singlePieces(masks).iterator(), several).iterator(), Function.identity());
    }

    private Spellings spellings(MaskPosition mask) {
        return mask.followsBlank() ? afterBlank : alone;
    }

    /** Words of one piece need no run of their own: one run suffices for all masks of the window. */
    private List<Query> singlePieces(MaskPositions masks) {
        List<List<Spelling>> wanted =
                masks.positions().stream().map(mask -> spellings(mask).single).toList();
        if (wanted.stream().allMatch(List::isEmpty)) {
            return List.of();
        }
        List<long[]> ids = wanted.stream()
                .map(words -> words.stream().mapToLong(word -> word.pieces[0]).toArray())
                .toList();
        return List.of(new Query(masks.variant(0, ids), predictions -> {
            for (int i = 0; i < wanted.size(); i++) {
                for (int j = 0; j < wanted.get(i).size(); j++) {
                    Spelling word = wanted.get(i).get(j);
                    float logProbability = predictions.get(i).candidateLogProbabilities()[j];
                    masks.positions().get(i).add(logProbability, word.pieces, word.name, masks.window());
                }
            }
        }));
    }

    private Iterator<Query> several(MaskPosition mask) {
        return new Chain<>(spellings(mask).several.values().iterator(), words -> leftToRight(mask, words));
    }

    /** Words of one number of pieces for one mask: piece after piece, words that agree so far together. */
    private Iterator<Query> leftToRight(MaskPosition mask, List<Spelling> words) {
        int length = words.get(0).pieces.length;
        Window window = new Windows(mask.document(), model.positionLimit() - (length - 1)).around(mask.position());
        double[] sums = new double[words.size()];
        int[] answered = new int[words.size()];
        Iterator<Integer> known = IntStream.range(0, length).iterator();
        return new Chain<>(
                known,
                prefix -> new Chain<>(alike(words, prefix).iterator(), same -> {
                    Variant variant =
                            next(window, mask, words.get(same.get(0)).pieces, prefix, ids(words, same, prefix));
                    return List.of(new Query(variant, predictions -> {
                                float[] logProbabilities = predictions.get(0).candidateLogProbabilities();
                                for (int i = 0; i < same.size(); i++) {
                                    int word = same.get(i);
                                    sums[word] += logProbabilities[i];
                                    answered[word]++;
                                    if (answered[word] == length) {
                                        mask.add(sums[word], words.get(word).pieces, words.get(word).name, window);
                                    }
                                }
                            }))
                            .iterator();
                }));
    }

    /** Indexes of words that agree in their first {@code prefix} pieces. */
    private static Collection<List<Integer>> alike(List<Spelling> words, int prefix) {
        return IntStream.range(0, words.size())
                .boxed()
                .collect(Collectors.groupingBy(
                        i -> words.get(i).prefix(prefix), LinkedHashMap::new, Collectors.toList()))
                .values();
    }

    private static long[] ids(List<Spelling> words, List<Integer> indexes, int piece) {
        return indexes.stream().mapToLong(i -> words.get(i).pieces[piece]).toArray();
    }

    /** The mask becomes the first {@code known} pieces, and a mask for each of the others. */
    private Variant next(Window window, MaskPosition mask, long[] pieces, int known, long[] wanted) {
        TokenizedDocument seen = window.content();
        int index = window.indexOf(mask.position());
        long[] filled = pieces.clone();
        Arrays.fill(filled, known, filled.length, model.maskId());
        long[] types = new long[filled.length];
        Arrays.fill(types, seen.typeIds()[index]);
        return new Variant(
                Splice.replace(seen.ids(), index, filled),
                Splice.replace(seen.typeIds(), index, types),
                new int[] {index + known},
                0,
                new long[][] {wanted});
    }

    /** A word as it was asked for and its pieces where it stands. */
    private record Spelling(String name, long[] pieces) {
        List<Long> prefix(int length) {
            return Arrays.stream(pieces, 0, length).boxed().toList();
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** All words where they follow a mask, or where they do not: those of one piece, and the others by their length. */
    private record Spellings(List<Spelling> single, Map<Integer, List<Spelling>> several) {
        static Spellings of(List<Targets.Word> words, Function<Targets.Word, long[]> pieces) {
            Stream<Spelling> all = words.stream().map(word -> new Spelling(word.text(), pieces.apply(word)));
            Map<Integer, List<Spelling>> byLength =
                    all.collect(Collectors.groupingBy(word -> word.pieces.length, TreeMap::new, Collectors.toList()));
            List<Spelling> single = byLength.getOrDefault(1, List.of());
            byLength.remove(1);
            return new Spellings(single, byLength);
        }
    }
}
