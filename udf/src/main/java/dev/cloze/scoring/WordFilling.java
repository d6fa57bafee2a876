package dev.cloze.scoring;

import dev.cloze.mask.Variant;
import dev.cloze.mask.Window;
import dev.cloze.model.LanguageModel;
import dev.cloze.text.TokenizedDocument;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Whole words as candidates. A word of n pieces stands in the place of n masks; its probability is that of its first piece
 * with all n masked, times that of its second piece after the first, and so on, left to right within the word (the order of
 * PLL-word-l2r, Kauf and Ivanova 2023). Words that begin alike share the runs of the model for what they share.
 */
final class WordFilling implements Filling {
    private final List<Targets.Word> words;
    private final LanguageModel model;

    WordFilling(List<Targets.Word> words, LanguageModel model) {
        this.words = words;
        this.model = model;
    }

    @Override
    public Stream<Question> questions(Blanks masks) {
        List<List<Spelling>> spellings =
                masks.blanks().stream().map(this::spellings).toList();
        return Stream.concat(singlePieces(masks, spellings), several(spellings));
    }

    private List<Spelling> spellings(Blank blank) {
        boolean followsBlank = blank.followsBlank();
        return words.stream()
                .map(word -> new Spelling(word.text(), followsBlank ? word.afterBlank() : word.alone(), blank))
                .toList();
    }

    /** Words of one piece need no run of their own: one run answers for all masks of the window. */
    private static Stream<Question> singlePieces(Blanks masks, List<List<Spelling>> spellings) {
        List<List<Spelling>> single =
                spellings.stream().map(all -> ofLength(all, 1)).toList();
        if (single.stream().allMatch(List::isEmpty)) {
            return Stream.empty();
        }
        List<long[]> wanted = single.stream()
                .map(all -> all.stream().mapToLong(s -> s.pieces[0]).toArray())
                .toList();
        return Stream.of(new Question(masks.variant(0, wanted), answers -> {
            for (int i = 0; i < single.size(); i++) {
                for (int j = 0; j < single.get(i).size(); j++) {
                    single.get(i).get(j).observe(answers.get(i).candidateLogProbabilities()[j], masks.window());
                }
            }
        }));
    }

    private static List<Spelling> ofLength(List<Spelling> spellings, int pieces) {
        return spellings.stream().filter(s -> s.pieces.length == pieces).toList();
    }

    private Stream<Question> several(List<List<Spelling>> spellings) {
        return spellings.stream().flatMap(ofBlank -> ofBlank.stream()
                .filter(s -> s.pieces.length > 1)
                .collect(Collectors.groupingBy(s -> s.pieces.length, TreeMap::new, Collectors.toList()))
                .entrySet()
                .stream()
                .flatMap(entry -> leftToRight(entry.getKey(), entry.getValue())));
    }

    /** Spellings of one mask, all of {@code length} pieces. */
    private Stream<Question> leftToRight(int length, List<Spelling> spellings) {
        Blank blank = spellings.get(0).blank;
        Window window = Window.around(blank.document(), blank.mark(), model.positionLimit() - (length - 1));
        List<Question> questions = new ArrayList<>();
        for (int known = 0; known < length; known++) {
            int prefix = known;
            Map<List<Long>, List<Spelling>> byPrefix = spellings.stream()
                    .collect(Collectors.groupingBy(s -> s.prefix(prefix), LinkedHashMap::new, Collectors.toList()));
            byPrefix.values().forEach(alike -> questions.add(next(window, alike, prefix)));
        }
        return questions.stream();
    }

    /** Asks for piece {@code known} of spellings that agree in all pieces before it. */
    private Question next(Window window, List<Spelling> alike, int known) {
        TokenizedDocument seen = window.content();
        int index = window.indexOf(alike.get(0).blank.mark());
        long[] filled = alike.get(0).pieces.clone();
        Arrays.fill(filled, known, filled.length, model.maskId());
        long[] types = new long[filled.length];
        Arrays.fill(types, seen.typeIds()[index]);
        Variant variant = new Variant(
                Splice.replace(seen.ids(), index, filled),
                Splice.replace(seen.typeIds(), index, types),
                new int[] {index + known},
                0,
                new long[][] {alike.stream().mapToLong(s -> s.pieces[known]).toArray()});
        return new Question(variant, answers -> {
            for (int i = 0; i < alike.size(); i++) {
                alike.get(i).observe(answers.get(0).candidateLogProbabilities()[i], window);
            }
        });
    }

    /** A word on its way into a mask: each piece that is answered brings it nearer to being a candidate. */
    private static final class Spelling {
        private final String word;
        private final long[] pieces;
        private final Blank blank;
        private double logProbability;
        private int answered;

        Spelling(String word, long[] pieces, Blank blank) {
            this.word = word;
            this.pieces = pieces;
            this.blank = blank;
        }

        List<Long> prefix(int length) {
            return Arrays.stream(pieces, 0, length).boxed().toList();
        }

        void observe(float logProbabilityOfPiece, Window window) {
            logProbability += logProbabilityOfPiece;
            answered++;
            if (answered == pieces.length) {
                blank.add(logProbability, pieces, word, window);
            }
        }
    }
}
