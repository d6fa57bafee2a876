package dev.cloze.job.audit;

import dev.cloze.bundle.Sha256;
import dev.cloze.stats.night.Night;
import dev.cloze.stats.night.SliceState;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;

/**
 * A night that is stored in a history. A night that was repaired is stored several times; the one with the highest sequence counts.
 *
 * @param night its states
 * @param content a digest of the states
 * @param sequence 1 for what was first audited of a date
 */
record StoredNight(Night night, String content, int sequence) {
    private static final int DIGITS = 16;

    static StoredNight of(Night night, int sequence) {
        StringBuilder text = new StringBuilder().append(night.date());
        night.slices().forEach((slice, state) -> text.append('\n')
                .append(slice.values())
                .append(state.rows())
                .append(state.sums())
                .append(HexFormat.of().formatHex(state.histogram().bytes()))
                .append(state.marks())
                .append(state.languages())
                .append(state.scripts())
                .append(lines(state)));
        return new StoredNight(night, digest(text.toString()), sequence);
    }

    /** Nothing where no lines were counted, as in nights of earlier versions. */
    private static String lines(SliceState state) {
        return state.lines().documents() == 0
                ? ""
                : HexFormat.of().formatHex(state.lines().bytes());
    }

    /** Names the run: a digest of what was audited, and of how often something else was audited of that date before. */
    String run() {
        return digest(content + "-" + sequence);
    }

    /** The one of a date that counts; ties, of two writers at once, by the digest. */
    static StoredNight counting(List<StoredNight> ofADate) {
        return ofADate.stream()
                .max(Comparator.comparingInt(StoredNight::sequence).thenComparing(StoredNight::run))
                .orElseThrow();
    }

    static String digest(String text) {
        return digest(text.getBytes(StandardCharsets.UTF_8));
    }

    static String digest(byte[] bytes) {
        return Sha256.of(bytes).substring(0, DIGITS);
    }
}
