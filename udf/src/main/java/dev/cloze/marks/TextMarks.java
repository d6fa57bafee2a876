package dev.cloze.marks;

import dev.cloze.settings.Labels;
import java.lang.Character.UnicodeScript;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What can be seen of a text without a model.
 *
 * @param marks the names of those that it has
 * @param language a code such as {@code en}, or {@code other}
 * @param script in which most of its letters are, such as {@code latin}; {@code none} without letters
 */
public record TextMarks(List<String> marks, String language, String script) {
    /** The names of all marks that are looked for. */
    public static final List<String> NAMES = Labels.all(Mark.class);

    private static final String NO_SCRIPT = "none";

    public static TextMarks of(String text) {
        List<String> marks = Arrays.stream(Mark.values())
                .filter(mark -> mark.isOn(text))
                .map(Labels::of)
                .toList();
        return new TextMarks(marks, Languages.of(text), script(text));
    }

    private static String script(String text) {
        Map<UnicodeScript, Integer> letters = new EnumMap<>(UnicodeScript.class);
        text.codePoints()
                .filter(Character::isLetter)
                .mapToObj(TextMarks::scriptOf)
                .forEach(script -> letters.merge(script, 1, Integer::sum));
        return letters.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(script -> script.getKey().name().toLowerCase(Locale.ROOT))
                .orElse(NO_SCRIPT);
    }

    /** Japanese mixes three scripts within a sentence. */
    private static UnicodeScript scriptOf(int letter) {
        UnicodeScript script = UnicodeScript.of(letter);
        return script == UnicodeScript.HIRAGANA || script == UnicodeScript.KATAKANA ? UnicodeScript.HAN : script;
    }
}
