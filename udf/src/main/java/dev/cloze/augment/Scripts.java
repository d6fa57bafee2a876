package dev.cloze.augment;

import java.lang.Character.UnicodeScript;
import java.util.EnumSet;
import java.util.Set;

/** In what letters a word is written. A word in others would be read as a foreign body. */
final class Scripts {
    /** Japanese mixes these within a sentence. */
    private static final Set<UnicodeScript> EAST_ASIAN =
            EnumSet.of(UnicodeScript.HAN, UnicodeScript.HIRAGANA, UnicodeScript.KATAKANA);

    private Scripts() {}

    /** Whether {@code word} has no letters of a script that {@code neighbour} does not have. */
    static boolean suit(String word, String neighbour) {
        return of(neighbour).containsAll(of(word));
    }

    /** Letters that all scripts share do not count. */
    private static Set<UnicodeScript> of(String word) {
        Set<UnicodeScript> scripts = EnumSet.noneOf(UnicodeScript.class);
        word.codePoints().mapToObj(UnicodeScript::of).forEach(scripts::add);
        scripts.removeAll(EnumSet.of(UnicodeScript.COMMON, UnicodeScript.INHERITED));
        if (scripts.removeAll(EAST_ASIAN)) {
            scripts.add(UnicodeScript.HAN);
        }
        return scripts;
    }
}
