package dev.cloze.job.audit;

import dev.cloze.job.audit.VerdictRecord.Exemplar;
import dev.cloze.job.audit.VerdictRecord.Surprisals;
import dev.cloze.job.report.NightPage.Piece;
import dev.cloze.job.report.NightPage.Text;
import dev.cloze.job.terminal.Visible;
import dev.cloze.stats.night.Slice;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Documents that show what was found on a night, as a page shows them.
 *
 * @param exemplars of all slices, which share the room that a page has for texts
 */
record NightTexts(List<Exemplar> exemplars) {
    /** Characters of all texts of a page. */
    private static final int ROOM = 8_000;
    /** Of a text: the least that says something, and as much as somebody reads on a phone. */
    private static final int LEAST = 200;

    private static final int ENOUGH = 700;

    /** With texts of more slices, only so many of each are shown. */
    private static final int FEW_SLICES = 2;

    private static final int MOST_OF_MANY = 3;
    private static final int LONGEST_ID = 80;
    /** Of an element of HTML. */
    private static final int ELEMENT = 24;

    private static final int SHADES = 4;
    private static final double NATS_OF_A_SHADE = 2;
    private static final Pattern EMPTY_LINES = Pattern.compile("\\R(?:[ \\t]*\\R)+");

    List<Text> of(Slice slice) {
        boolean areFew = exemplars.stream().map(Exemplar::slice).distinct().count() <= FEW_SLICES;
        return exemplars.stream()
                .filter(each -> VerdictRecord.slice(each.slice()).equals(slice))
                .limit(areFew ? exemplars.size() : MOST_OF_MANY)
                .map(each -> new Text(each.kind(), caption(each), pieces(each)))
                .toList();
    }

    /** What is known of a document beside its text. */
    static String caption(Exemplar exemplar) {
        StringBuilder caption = new StringBuilder();
        if (exemplar.alike() > 1) {
            caption.append(Numerals.format("· %,d alike ", exemplar.alike()));
        }
        caption.append(Numerals.format(
                "· %s nats a token, %,d scored tokens",
                Numerals.nats(exemplar.crossEntropy()), exemplar.tokensScored()));
        if (!exemplar.marks().isEmpty()) {
            caption.append(" · ").append(String.join(", ", exemplar.marks()));
        }
        if (exemplar.id() != null) {
            caption.append(" · id ").append(Visible.line(cut(exemplar.id(), LONGEST_ID)));
        }
        return caption.toString();
    }

    /** At most the first {@code characters} of {@code text}, followed by an ellipsis when there are more. */
    static String cut(String text, int characters) {
        return text.codePointCount(0, text.length()) <= characters
                ? text
                : text.substring(0, text.offsetByCodePoints(0, characters)) + "…";
    }

    private List<Piece> pieces(Exemplar exemplar) {
        if (exemplar.text() == null) {
            return List.of();
        }
        int room = Math.max(LEAST, Math.min(ENOUGH, ROOM / exemplars.size()));
        List<Piece> pieces = new ArrayList<>();
        for (Piece piece : shaded(exemplar)) {
            String text = shown(piece.text());
            int characters = room - (piece.shade() > 0 ? ELEMENT : 0);
            if (text.length() > characters) {
                pieces.add(new Piece(piece.shade(), cut(text, Math.max(0, characters))));
                return pieces;
            }
            pieces.add(new Piece(piece.shade(), text));
            room = characters - text.length();
        }
        return pieces;
    }

    private static String shown(String text) {
        return Visible.text(EMPTY_LINES.matcher(text).replaceAll("\n"));
    }

    /** The text in pieces of one shade each. */
    private static List<Piece> shaded(Exemplar exemplar) {
        String text = exemplar.text();
        Surprisals surprisals = exemplar.surprisals();
        List<Piece> pieces = new ArrayList<>();
        int from = 0;
        int shade = 0;
        for (int i = 0; surprisals != null && i < surprisals.starts().size(); i++) {
            int next = (int) Math.min(SHADES, surprisals.nats().get(i) / NATS_OF_A_SHADE);
            int start = surprisals.starts().get(i);
            if (next != shade) {
                pieces.add(new Piece(shade, text.substring(from, start)));
                from = start;
                shade = next;
            }
        }
        pieces.add(new Piece(shade, text.substring(from)));
        return pieces.stream().filter(piece -> !piece.text().isEmpty()).toList();
    }
}
