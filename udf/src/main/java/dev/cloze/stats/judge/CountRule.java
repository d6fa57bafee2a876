package dev.cloze.stats.judge;

import dev.cloze.stats.night.Histogram;
import dev.cloze.stats.night.LineCounts;
import dev.cloze.stats.night.SliceState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Function;

/**
 * How many of tonight's documents are of some kind, against how many usually are. A rule is not judged on a night on which nobody
 * counted.
 *
 * @param name of the rule
 * @param occurrences a₀ and
 * @param documents b₀: before the first night, so many documents of that kind of so many are assumed
 * @param direction in which a count is surprising
 * @param counting of tonight
 */
public record CountRule(String name, double occurrences, double documents, Direction direction, Counting counting) {
    /** The marks of texts that are judged as counts. */
    public static final List<String> MARKS =
            List.of("replacement", "mojibake", "control", "markup", "no-words", "repetitive", "unknown");
    /** Documents of an earlier night that came again. */
    public static final String SEEN = "seen";
    /** Documents that came more than once in one night, without the first of each. */
    public static final String COPIES = "copies";
    /** Documents with the most frequent new line. */
    public static final String LINE = "line";

    /** Documents of a corpus that is delivered as a whole that are not delivered any more. */
    public static final String DEPARTED = "departed";

    /** All of them, in the order of the documentation. */
    public static final List<CountRule> ALL = all();

    private static final long PERCENT = 100;
    private static final long TAIL = 99;

    /** In which direction a count is surprising. */
    public enum Direction {
        UP,
        BOTH
    }

    /**
     * @param found K
     * @param of M
     */
    public record Counted(long found, long of) {}

    /** Finds K and M; absent where they were not counted. */
    @FunctionalInterface
    interface Counting {
        Optional<Counted> count(Past past, SliceState tonight);
    }

    private static List<CountRule> all() {
        List<CountRule> rules = new ArrayList<>();
        rules.add(new CountRule("tail", 1, 100, Direction.BOTH, CountRule::tail));
        rules.add(new CountRule("bad-rows", 0.5, 500, Direction.UP, CountRule::badRows));
        MARKS.forEach(mark -> rules.add(marked(mark, 500)));
        rules.add(new CountRule("script", 0.5, 500, Direction.UP, others(SliceState::scripts)));
        rules.add(new CountRule("language", 0.5, 100, Direction.UP, others(SliceState::languages)));
        rules.add(marked(SEEN, 50));
        rules.add(marked(COPIES, 50));
        rules.add(new CountRule(LINE, 0.5, 100, Direction.UP, CountRule::line));
        rules.add(new CountRule(DEPARTED, 0.5, 500, Direction.UP, Stock::departed));
        return List.copyOf(rules);
    }

    private static CountRule marked(String mark, double documents) {
        return new CountRule(mark, 0.5, documents, Direction.UP, (past, tonight) -> Optional.ofNullable(
                        tonight.marks().get(mark))
                .flatMap(found -> ofDocuments(found, tonight)));
    }

    /** Documents with the most frequent new line, of those of which lines were counted, unless somebody else has counted. */
    private static Optional<Counted> line(Past past, SliceState tonight) {
        Long counted = tonight.marks().get(LINE);
        if (counted != null) {
            return ofDocuments(counted, tonight);
        }
        List<LineCounts> before = lines(past.last(Past.POOL));
        return before.isEmpty() || tonight.lines().documents() == 0
                ? Optional.empty()
                : Optional.of(new Counted(
                        newLine(past.last(Past.POOL), tonight)
                                .map(line -> tonight.lines().counts().get(line))
                                .orElse(0L),
                        tonight.lines().documents()));
    }

    /**
     * The number of the line that most of tonight's documents have and that no night before had; absent when there is none.
     *
     * @param before the states of the slice's last nights
     */
    public static Optional<Integer> newLine(List<SliceState> before, SliceState tonight) {
        return tonight.lines().mostFrequentBut(lines(before));
    }

    private static List<LineCounts> lines(List<SliceState> states) {
        return states.stream()
                .map(SliceState::lines)
                .filter(lines -> lines.documents() > 0)
                .toList();
    }

    private static Optional<Counted> ofDocuments(long found, SliceState tonight) {
        return tonight.documents() == 0 ? Optional.empty() : Optional.of(new Counted(found, tonight.documents()));
    }

    /**
     * Documents that are harder than 99 of 100 used to be: those in bins above the one in which the cumulated share of the last 28 nights
     * reaches 0.99.
     */
    private static Optional<Counted> tail(Past past, SliceState tonight) {
        return past.pooled()
                .filter(any -> tonight.scored() > 0)
                .map(usual -> new Counted(tonight.histogram().above(border(usual)), tonight.scored()));
    }

    private static int border(Histogram usual) {
        return usual.border(TAIL, PERCENT);
    }

    /** Rows without a score, of all rows that should have one. */
    private static Optional<Counted> badRows(Past past, SliceState tonight) {
        return tonight.tried() == 0 ? Optional.empty() : Optional.of(new Counted(tonight.badRows(), tonight.tried()));
    }

    /** Documents that are of another language, or script, than most of the slice's last 28 nights. */
    private static Counting others(Function<SliceState, SortedMap<String, Long>> kinds) {
        return (past, tonight) -> {
            SortedMap<String, Long> now = kinds.apply(tonight);
            if (now.isEmpty()) {
                return Optional.empty();
            }
            String main = usual(past.last(Past.POOL), tonight, kinds);
            return ofDocuments(tonight.documents() - now.getOrDefault(main, 0L), tonight);
        };
    }

    /**
     * The language, or script, of most documents of a slice; empty where nobody looked.
     *
     * @param before the states of its last nights; where these know nothing, tonight's decides
     */
    public static String usual(
            List<SliceState> before, SliceState tonight, Function<SliceState, SortedMap<String, Long>> kinds) {
        SortedMap<String, Long> usual = kinds.apply(before.stream().reduce(SliceState.EMPTY, SliceState::plus));
        SortedMap<String, Long> known = usual.isEmpty() ? kinds.apply(tonight) : usual;
        return known.isEmpty() ? "" : mostFrequent(known);
    }

    /** The first in the order of their names when several are. */
    private static String mostFrequent(SortedMap<String, Long> kinds) {
        return kinds.entrySet().stream()
                .max(Map.Entry.<String, Long>comparingByValue()
                        .thenComparing(Map.Entry.comparingByKey(Comparator.reverseOrder())))
                .orElseThrow()
                .getKey();
    }
}
