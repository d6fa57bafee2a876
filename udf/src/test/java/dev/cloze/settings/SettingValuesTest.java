package dev.cloze.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloze.failure.Problems;
import dev.cloze.settings.SettingValues.Written;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingValuesTest {
    private static final Setting<Integer> COUNT =
            Setting.of("count", Form.count(100), "How many").withDefault(5);
    private static final Setting<Long> SEED = Setting.of("seed", Form.seed(), "Where draws begin");
    private static final Setting<Double> SHARE =
            Setting.of("share", Form.number("SHARE", "between 0 and 1", x -> x >= 0 && x <= 1), "How much");
    private static final Setting<Side> SIDE =
            Setting.of("side", Form.choice("WHERE", Side.class), "Where").withDefault(Side.LEFT_HAND);
    private static final Setting<Boolean> QUIET = Setting.flag("quiet", "Say nothing");
    private static final Setting<List<String>> WORDS =
            Setting.of("words", Form.commaSeparated("WORD", "words", words -> !words.isEmpty()), "Which");
    private static final Setting<List<String>> LINES = Setting.of(
                    "lines", Form.repeated("LINE", "lines", lines -> true), "Which")
            .withDefault(List.of());
    private static final Setting<Map<String, String>> PAIRS = Setting.of("pairs", Form.pairs(), "Which");
    private static final List<Setting<?>> ALL = List.of(COUNT, SEED, SHARE, SIDE, QUIET, WORDS, LINES, PAIRS);

    private enum Side {
        LEFT_HAND,
        RIGHT_HAND
    }

    private final Problems problems = new Problems();

    private SettingValues read(Setting<?> setting, String... values) {
        return SettingValues.read(
                ALL,
                Map.of(setting.name(), new Written("--" + setting.name(), List.of(values))),
                one -> "--" + one.name(),
                problems);
    }

    private void assertNoProblem() {
        problems.report("read", "nothing");
    }

    private void assertProblem(String problem) {
        assertThatThrownBy(() -> problems.report("read", "repair")).hasMessage("Cannot read: " + problem + "; repair");
    }

    @Test
    void whatIsNotGivenHasItsDefaultIfThereIsOne() {
        SettingValues values = read(SHARE, "0.5");

        assertThat(values.get(COUNT)).isEqualTo(5);
        assertThat(values.given(COUNT)).isEmpty();
        assertThat(values.get(SIDE)).isEqualTo(Side.LEFT_HAND);
        assertThat(values.get(QUIET)).isFalse();
        assertThat(values.get(LINES)).isEmpty();
        assertThat(values.find(SEED)).isEmpty();
        assertThat(values.given(SHARE)).contains(0.5);
        assertThatThrownBy(() -> values.get(SEED)).hasMessage("seed has no default");
        assertNoProblem();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "101", "-1", "1.5", "", "many", "1e2", "99999999999999999999"})
    void aCountIsAWholeNumberInItsRange(String text) {
        assertThat(read(COUNT, text).get(COUNT)).isEqualTo(5);
        assertProblem("--count must be a whole number from 1 to 100, it is " + text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-5", "9223372036854775807", "-9223372036854775808"})
    void aSeedIsAnyNumberOf64Bits(String text) {
        assertThat(read(SEED, text).get(SEED)).hasToString(text);
        assertNoProblem();
    }

    @Test
    void aSeedOfMoreBitsIsRefused() {
        read(SEED, "9223372036854775808");

        assertProblem("--seed must be a whole number of 64 bits, it is 9223372036854775808");
    }

    @ParameterizedTest
    @ValueSource(strings = {"NaN", "-0.1", "1.1", "Infinity", "half", ""})
    void aNumberOutOfItsRangeIsRefused(String text) {
        assertThat(read(SHARE, text).given(SHARE)).isEmpty();
        assertProblem("--share must be between 0 and 1, it is " + text);
    }

    @Test
    void aChoiceIsALabelInAnyCase() {
        assertThat(read(SIDE, "Right-Hand").get(SIDE)).isEqualTo(Side.RIGHT_HAND);
        assertNoProblem();
        read(SIDE, "right_hand");
        assertProblem("--side must be one of left-hand, right-hand, it is right_hand");
    }

    @ParameterizedTest
    @CsvSource({"true, true", "FALSE, false"})
    void aFlagIsTrueOrFalse(String text, boolean value) {
        assertThat(read(QUIET, text).get(QUIET)).isEqualTo(value);
        assertNoProblem();
    }

    @Test
    void aFlagIsNothingElse() {
        read(QUIET, "yes");

        assertProblem("--quiet must be true or false, it is yes");
    }

    @Test
    void listsAreCutAtCommasOrNot() {
        assertThat(read(WORDS, "a,b", "c").get(WORDS)).containsExactly("a", "b", "c");
        assertThat(read(LINES, "a,b", "c").get(LINES)).containsExactly("a,b", "c");
        assertNoProblem();
        read(WORDS, ",");
        assertProblem("--words must be words, it is ,");
    }

    @Test
    void pairsAreCutAtTheFirstEqualsSign() {
        assertThat(read(PAIRS, "a=b=c", "d=").get(PAIRS)).isEqualTo(Map.of("a", "b=c", "d", ""));
        assertNoProblem();
        read(PAIRS, "=b");
        assertProblem("--pairs must be pairs such as KEY=VALUE, it is =b");
    }

    @Test
    void aMessageShowsWhatItMayAndNoMoreThanALine() {
        SettingValues.read(
                ALL,
                Map.of("count", new Written("c.conf: --count", List.of("secret"), "${PATH}")),
                Setting::name,
                problems);

        assertProblem("c.conf: --count must be a whole number from 1 to 100, it is ${PATH}");
    }

    @Test
    void aLongValueIsShownInPart() {
        read(COUNT, "x".repeat(100_000));

        assertThatThrownBy(() -> problems.report("read", "repair"))
                .satisfies(problem ->
                        assertThat(problem.getMessage()).hasSizeLessThan(600).contains("x…;"));
    }

    @Test
    void aReasonOfItsOwnIsShownInPartToo() {
        Setting<String> strict = Setting.of(
                "strict",
                Form.text("TEXT", "text", text -> {
                    throw new InvalidValueException(text + " is not strict");
                }),
                "Any");
        SettingValues.read(
                List.of(strict),
                Map.of("strict", new Written("--strict", List.of("y".repeat(100_000)))),
                Setting::name,
                problems);

        assertThatThrownBy(() -> problems.report("read", "repair"))
                .satisfies(problem ->
                        assertThat(problem.getMessage()).hasSizeLessThan(600).startsWith("Cannot read: --strict yy"));
    }

    @Test
    void aSettingWithFewerValuesIsTheSameSetting() {
        Setting<Side> right = SIDE.withForm(SIDE.form().limitedTo("right-hand here", side -> side == Side.RIGHT_HAND));
        SettingValues values = SettingValues.read(
                List.of(right), Map.of("side", new Written("side", List.of("right-hand"))), Setting::name, problems);

        assertThat(values.get(SIDE)).isEqualTo(Side.RIGHT_HAND);
        assertThat(right.form().choices()).containsExactly("right-hand");
        SettingValues.read(
                List.of(right), Map.of("side", new Written("side", List.of("left-hand"))), Setting::name, problems);
        assertProblem("side must be right-hand here, it is left-hand");
    }

    @Test
    void anArgumentTakesThePlaceOfASetting() {
        SettingValues values = read(COUNT, "7");

        assertThat(values.with(COUNT, Optional.of(9)).get(COUNT)).isEqualTo(9);
        assertThat(values.with(COUNT, Optional.empty()).get(COUNT)).isEqualTo(7);
        assertThat(values.get(COUNT)).isEqualTo(7);
        assertThatThrownBy(() -> COUNT.parse("0"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot set count to 0: it must be a whole number from 1 to 100");
    }

    @Test
    void aManualSaysTheDefaultWhereItDoesNotGoWithoutSaying() {
        assertThat(COUNT.description()).isEqualTo("How many (default: 5).");
        assertThat(SIDE.description()).isEqualTo("Where (default: left-hand).");
        assertThat(QUIET.description()).isEqualTo("Say nothing.");
        assertThat(LINES.description()).isEqualTo("Which.");
        assertThat(SHARE.withDefault(1.0).description()).isEqualTo("How much (default: 1).");
        assertThat(SHARE.withDefault(0.15).description()).isEqualTo("How much (default: 0.15).");
        assertThat(SHARE.withDefaultText("it depends").description()).isEqualTo("How much (default: it depends).");
    }
}
