package dev.cloze.marks;

/** Numbers for texts: equal texts have equal numbers on every machine, and different ones hardly ever. */
public final class TextHash {
    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

    private TextHash() {}

    public static long of(CharSequence text) {
        return mixed(more(0, text));
    }

    /** Of {@code text} behind others that had the number {@code before}. */
    public static long more(long before, CharSequence text) {
        long hash = before;
        for (int i = 0; i < text.length(); i++) {
            hash = mixed(hash + text.charAt(i));
        }
        return mixed(hash - text.length() - 1);
    }

    private static long mixed(long bits) {
        long mixed = bits * MULTIPLIER;
        return mixed ^ mixed >>> Integer.SIZE;
    }
}
