package dev.cloze.augment;

import dev.cloze.batch.Batch;
import dev.cloze.importing.TinyBert;
import dev.cloze.model.LanguageModel;
import dev.cloze.model.Network;
import dev.cloze.model.Prediction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A network that predicts from a table what may stand at a position, and remembers what it was asked. */
final class AnsweringNetwork implements Network {
    /** What may stand at a position, with probabilities. */
    interface Table extends Function<Row, Map<Long, Double>> {}

    /** A row of a batch, without padding, and a position in it. */
    record Row(List<Long> ids, int position) {}

    private final Table table;
    private final List<Row> asked = new ArrayList<>();

    AnsweringNetwork(Table table) {
        this.table = table;
    }

    /** The tiny model's tokenizer with a network that says the same everywhere: {@code berlin 0.5 paris 0.25}. */
    static AnsweringNetwork saying(String words) {
        Map<Long, Double> predictions = probabilities(words);
        return new AnsweringNetwork(row -> predictions);
    }

    static Map<Long, Double> probabilities(String words) {
        String[] parts = words.split(" ");
        Map<Long, Double> predictions = new LinkedHashMap<>();
        for (int i = 0; i < parts.length; i += 2) {
            predictions.put(id(parts[i]), Double.parseDouble(parts[i + 1]));
        }
        return predictions;
    }

    static long id(String token) {
        return TinyBert.open().tokenizer().vocabulary().id(token).orElseThrow();
    }

    LanguageModel model() {
        LanguageModel tiny = TinyBert.open();
        return new LanguageModel(tiny.tokenizer(), this, tiny.special(), tiny.positionLimit(), tiny.vocabularySize());
    }

    /** What was read for each position that was asked about, as tokens. */
    List<String> asked() {
        return asked.stream()
                .map(row -> row.ids.stream()
                                .map(id ->
                                        TinyBert.open().tokenizer().vocabulary().token(id))
                                .collect(Collectors.joining(" "))
                        + " @" + row.position)
                .toList();
    }

    @Override
    public List<Prediction> predict(Batch batch) {
        List<Prediction> predictions = new ArrayList<>();
        for (int p = 0; p < batch.positions().length; p++) {
            int row = (int) batch.positions()[p] / batch.width();
            Row query = new Row(ids(batch, row), (int) batch.positions()[p] % batch.width());
            asked.add(query);
            predictions.add(answer(table.apply(query), batch, p));
        }
        return predictions;
    }

    private static List<Long> ids(Batch batch, int row) {
        List<Long> ids = new ArrayList<>();
        for (int i = row * batch.width(); i < (row + 1) * batch.width(); i++) {
            if (batch.attention()[i] == 1) {
                ids.add(batch.ids()[i]);
            }
        }
        return ids;
    }

    private static Prediction answer(Map<Long, Double> probabilities, Batch batch, int p) {
        List<Map.Entry<Long, Double>> best = probabilities.entrySet().stream()
                .sorted(Comparator.comparingDouble((Map.Entry<Long, Double> e) -> -e.getValue())
                        .thenComparingLong(Map.Entry::getKey))
                .limit(batch.topK())
                .toList();
        float[] top = new float[best.size()];
        for (int i = 0; i < top.length; i++) {
            top[i] = (float) Math.log(best.get(i).getValue());
        }
        int each = batch.candidatesPerPosition();
        long[] wanted = Arrays.copyOfRange(batch.candidates(), p * each, (p + 1) * each);
        float[] candidates = new float[each];
        for (int i = 0; i < each; i++) {
            candidates[i] = (float) Math.log(probabilities.getOrDefault(wanted[i], 1e-6));
        }
        return Prediction.ofWords(best.stream().mapToLong(Map.Entry::getKey).toArray(), top, candidates);
    }

    @Override
    public void close() {}
}
