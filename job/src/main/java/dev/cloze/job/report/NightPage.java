package dev.cloze.job.report;

import java.util.List;
import java.util.Optional;

/**
 * The page of a night.
 *
 * @param title what it is about
 * @param headline what is to be known first
 * @param facts figures of the whole corpus
 * @param incidents slices in which something was found, the most important first
 * @param corpus how the whole corpus moved
 * @param slices of tonight
 * @param details what is folded
 */
public record NightPage(
        Title title,
        Headline headline,
        List<Fact> facts,
        List<Incident> incidents,
        Corpus corpus,
        SliceTable slices,
        Details details) {

    /**
     * What a page is about.
     *
     * @param date with its weekday
     * @param word the verdict
     */
    public record Title(String corpus, String date, String word, Tone tone) {}

    /**
     * What is to be known first.
     *
     * @param sentence the most important finding, or that there is none
     * @param basis how many checks it is from, and since when
     * @param commands what may be done about it
     */
    public record Headline(String sentence, String basis, List<Command> commands) {}

    /**
     * Something that may be done.
     *
     * @param when it is right
     * @param line to be typed; empty where the command of the night is to be run again
     */
    public record Command(String when, String line) {}

    /**
     * A figure.
     *
     * @param usual what is expected of it; empty where nothing is
     */
    public record Fact(String value, String label, String usual) {}

    /**
     * A slice in which something was found.
     *
     * @param nights the figure of the first finding on the last nights
     * @param distribution of tonight's documents
     * @param texts documents that show it
     */
    public record Incident(
            String slice,
            List<Found> found,
            Optional<BandChart> nights,
            Optional<Distribution> distribution,
            List<Text> texts) {
        /** Whether the tokens of a text are shaded. */
        public boolean isShaded() {
            return texts.stream().flatMap(text -> text.pieces().stream()).anyMatch(piece -> piece.shade() > 0);
        }
    }

    /**
     * A document that shows what was found.
     *
     * @param kind of document
     * @param caption what is known of it
     * @param pieces of its text; none where it is not shown
     */
    public record Text(String kind, String caption, List<Piece> pieces) {}

    /**
     * A piece of a text.
     *
     * @param shade from 0 to 4: how surprising it is
     */
    public record Piece(int shade, String text) {}

    /** Something that was found. */
    public record Found(Tone tone, String word, String sentence, String since) {}

    /**
     * How the whole corpus moved.
     *
     * @param heading the change of its cross-entropy; empty where that is not known
     * @param parts what the change consists of, and their sum at the end
     */
    public record Corpus(String heading, List<Part> parts, Optional<BandChart> nights) {}

    /**
     * What a slice adds to a change.
     *
     * @param total of both, nats
     * @param within of its own texts and
     * @param mix of its share, as bars
     */
    public record Part(String slice, String total, Bar within, Bar mix) {}

    /** A bar in a picture that is 200 wide, with 0 in its middle. */
    public record Bar(int x, int width) {
        /** The bar of a value where {@code most} reaches the border. */
        public static Bar of(double value, double most) {
            int width = most == 0 ? 0 : (int) Math.round(Math.min(1, Math.abs(value) / most) * HALF);
            return new Bar(value < 0 ? HALF - width : HALF, width);
        }

        private static final int HALF = 100;
    }

    /**
     * All slices.
     *
     * @param column the columns that slices are made by
     * @param note what is not shown
     */
    public record SliceTable(String column, List<SliceRow> rows, String note) {}

    /**
     * A slice.
     *
     * @param level its last nights, where they are drawn
     * @param cells documents, nats, expected, marks, what would be noticed, and what was found
     */
    public record SliceRow(String slice, Tone tone, Optional<BandChart> level, List<String> cells) {}

    /**
     * What is folded.
     *
     * @param checks the most improbable ones: slice, rule, value, usual, expected, p
     * @param checksNote how many there are
     * @param decisions of people that concern these nights
     * @param rules the rules, each in a sentence
     * @param run what was judged, and how
     */
    public record Details(
            List<List<String>> checks, String checksNote, List<String> decisions, List<Rule> rules, List<Fact> run) {}

    /** A rule in a sentence. */
    public record Rule(String name, String sentence) {}
}
