package dev.cloze.model;

import dev.cloze.batch.Batch;
import dev.cloze.bundle.Manifest.Padding;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A network whose rows change each other's numbers in one batch: those that do are computed one after the other. */
final class RowsApart implements Network {
    private final Network network;
    private final Padding padding;

    private RowsApart(Network network, Padding padding) {
        this.network = network;
        this.padding = padding;
    }

    /** {@code network}, of which {@code padding} was measured. */
    static Network of(Optional<Padding> padding, Network network) {
        return padding.<Network>map(measured -> new RowsApart(network, measured))
                .orElse(network);
    }

    @Override
    public List<Prediction> predict(Batch batch) {
        Prediction[] predictions = new Prediction[batch.positions().length];
        for (List<Integer> rows : together(batch)) {
            int[] places = IntStream.range(0, predictions.length)
                    .filter(p -> rows.contains((int) (batch.positions()[p] / batch.width())))
                    .toArray();
            List<Prediction> part = network.predict(batch.only(rows, batch.length(rows.get(0))));
            for (int p = 0; p < places.length; p++) {
                predictions[places[p]] = part.get(p);
            }
        }
        return Arrays.asList(predictions);
    }

    /** Rows that leave each other alone. */
    private Iterable<List<Integer>> together(Batch batch) {
        Map<Integer, List<Integer>> groups = IntStream.range(0, batch.rows())
                .boxed()
                .collect(Collectors.groupingBy(
                        row -> padding == Padding.ALONE ? row : batch.length(row), TreeMap::new, Collectors.toList()));
        return groups.values();
    }

    @Override
    public void close() {
        network.close();
    }
}
