package dev.cloze.augment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.augment.Change.Action;
import dev.cloze.augment.Change.Unit;
import dev.cloze.importing.HuggingFaceExport;
import dev.cloze.importing.TinyBert;
import dev.cloze.model.Head;
import dev.cloze.model.LanguageModel;
import dev.cloze.scoring.Outcome;
import dev.cloze.scoring.Scorer;
import dev.cloze.scoring.Status;
import dev.cloze.text.Document;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** On any text, with tokenizers of every kind: outside of its edits a candidate is the original, unit for unit. */
class SplicingTest {
    private static final int TEXTS = 90;
    private static final List<String> BITS = List.of(
            "paris",
            "City",
            "THE",
            "river ",
            "work",
            "good",
            "é",
            "e\u0301",
            "café",
            "Ünïcode",
            "ß",
            "İstanbul",
            "中国",
            "日本語",
            "한국어",
            "العربية",
            "עברית",
            "हिन्दी",
            "ไทย",
            "\ud83d\ude00",
            "\ud83d\udc69\u200d\ud83d\ude80",
            "\ud835\udd52",
            "\ud800",
            "\udc00",
            "\u0000",
            "\u00ad",
            "\u200b",
            "\ufeff",
            "\u00a0",
            "\u3000",
            "\t",
            "\r\n",
            "\n",
            "  ",
            " ",
            " ",
            " ",
            "[MASK]",
            "[SEP]",
            "<mask>",
            "</s>",
            "{name}",
            "don't",
            "a-b",
            "1,234.5",
            "https://x.y/z",
            "_",
            "@me",
            ".",
            ", ",
            "\"",
            "(",
            ")",
            "\ufb01ne",
            "x\u0300\u0301\u0302",
            "a");

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"tiny", "bert", "roberta", "xlm-roberta", "albert", "deberta-v2", "modernbert", "mpnet"})
    void takingTheEditsBackGivesTheOriginal(String name) throws Exception {
        try (LanguageModel opened = name.equals("tiny") ? null : open(name)) {
            LanguageModel model = answering(opened == null ? TinyBert.open() : opened);
            int candidates = 0;
            for (Change change : changes()) {
                Augment task = Tasks.with(
                        Tasks.with(Tasks.with(Tasks.with(Tasks.usual(), change), Tasks.DRAW), Tasks.share(0.5)),
                        Tasks.variants(2));
                candidates += check(model, task, texts());
            }
            assertThat(candidates).isGreaterThan(TEXTS);
        }
    }

    private static List<Change> changes() {
        return List.of(
                Tasks.change(Action.REPLACE, Unit.WORD, Change.Order.SIMULTANEOUS, 1),
                Tasks.change(Action.REPLACE, Unit.WORD, Change.Order.SEQUENTIAL, 1),
                Tasks.change(Action.REPLACE, Unit.PIECE, Change.Order.SIMULTANEOUS, 1),
                Tasks.change(Action.INSERT, Unit.WORD, Change.Order.SIMULTANEOUS, 1),
                new Change(Action.REPLACE, Unit.WORD, Change.Order.SIMULTANEOUS, 2, 3, Capitals.OF_MODEL));
    }

    private static int check(LanguageModel model, Augment task, List<String> texts) {
        Iterator<Outcome<Rewrites>> outcomes = new Scorer<>(model, task, 4096)
                .score(texts.stream().map(text -> Document.of(text, text)).iterator());
        int candidates = 0;
        for (String text : texts) {
            Outcome<Rewrites> outcome = outcomes.next();
            assertThat(outcome.status()).as("%s: %s", outcome.error(), text).isIn(Status.OK, Status.EMPTY);
            for (Rewrite rewrite : outcome.value().map(Rewrites::all).orElse(List.of())) {
                candidates++;
                assertThat(Edits.undone(rewrite)).isEqualTo(text);
                assertPlaces(rewrite.edits(), text);
            }
        }
        return candidates;
    }

    private static void assertPlaces(List<Edit> edits, String text) {
        int before = 0;
        assertThat(edits).isNotEmpty();
        for (Edit edit : edits) {
            assertThat(edit.start()).isGreaterThanOrEqualTo(before);
            assertThat(text.substring(edit.start(), edit.end())).isEqualTo(edit.original());
            assertThat(Letters.isWord(edit.replacement().strip()))
                    .as(edit.toString())
                    .isTrue();
            assertThat(isBetweenCharacters(text, edit.start()) && isBetweenCharacters(text, edit.end()))
                    .isTrue();
            before = edit.end();
        }
    }

    /** Not within a pair of surrogates, nor between a letter and its accent. */
    private static boolean isBetweenCharacters(String text, int index) {
        if (index == 0 || index == text.length()) {
            return true;
        }
        return !(Character.isHighSurrogate(text.charAt(index - 1)) && Character.isLowSurrogate(text.charAt(index)))
                && !text.substring(index).matches("(?s)\\p{M}.*");
    }

    private static List<String> texts() {
        Random random = new Random(23);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < TEXTS; i++) {
            StringBuilder text = new StringBuilder();
            int bits = random.nextInt(i % 30 == 0 ? 300 : 20);
            for (int bit = 0; bit < bits; bit++) {
                text.append(BITS.get(random.nextInt(BITS.size())));
            }
            texts.add(i % 2 == 0 ? text.toString() : Normalizer.normalize(text, Normalizer.Form.NFD));
        }
        return texts;
    }

    /** The tokenizer with a network that says other tokens at each place, of which many are no words. */
    private static LanguageModel answering(LanguageModel model) {
        int size = model.tokenizer().vocabulary().size();
        AnsweringNetwork network = new AnsweringNetwork(row -> {
            Map<Long, Double> answers = new HashMap<>();
            Random random = new Random(row.ids().hashCode() * 31L + row.position());
            for (int i = 0; i < 150; i++) {
                answers.put((long) random.nextInt(size), 1.0 / (200 + i));
            }
            return answers;
        });
        return new LanguageModel(
                model.tokenizer(), network, model.special(), model.positionLimit(), model.vocabularySize());
    }

    private LanguageModel open(String name) throws Exception {
        Path source = Files.createDirectory(directory.resolve("source"));
        Path export = Path.of(
                SplicingTest.class.getResource("/dev/cloze/exports/" + name).toURI());
        try (Stream<Path> files = Files.list(export)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.copy(file, source.resolve(file.getFileName()));
            }
        }
        return LanguageModel.open(
                HuggingFaceExport.write(source, name, Files.createDirectory(directory.resolve("bundle"))),
                Head.MASKED_LM);
    }
}
