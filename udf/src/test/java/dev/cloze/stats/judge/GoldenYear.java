package dev.cloze.stats.judge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cloze.stats.night.Histogram;
import dev.cloze.stats.night.Night;
import dev.cloze.stats.night.Slice;
import dev.cloze.stats.night.SliceState;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** A small year with known answers: {@code nights.jsonl}, and what {@code udf/src/test/python/audit.py} computes of it. */
final class GoldenYear {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> MARKS = List.of("mojibake", "seen", "copies", "line");

    private GoldenYear() {}

    static List<Night> nights() {
        Map<LocalDate, Map<Slice, SliceState>> nights = new TreeMap<>();
        for (String line : lines("nights.jsonl")) {
            JsonNode row = parse(line);
            nights.computeIfAbsent(LocalDate.parse(row.get("date").asText()), any -> new LinkedHashMap<>())
                    .put(Slice.of(row.get("slice").asText()), state(row));
        }
        return nights.entrySet().stream()
                .map(night -> new Night(night.getKey(), night.getValue()))
                .toList();
    }

    private static SliceState state(JsonNode row) {
        TreeMap<String, Long> marks = new TreeMap<>();
        MARKS.forEach(mark -> marks.put(mark, row.get(mark).asLong()));
        long documents = row.get("documents").asLong();
        long others = row.get("language").asLong();
        return new SliceState(
                row.get("rows").asLong(),
                documents,
                new SliceState.Sums(
                        row.get("sum_c").asDouble(),
                        row.get("sum_c2").asDouble(),
                        row.get("sum_n").asLong(),
                        row.get("sum_n2").asDouble(),
                        row.get("sum_nll").asDouble(),
                        row.get("sum_n_nll").asDouble(),
                        row.get("sum_nll2").asDouble()),
                histogram(row.get("histogram")),
                marks,
                new TreeMap<>(Map.of("main", documents - others, "other", others)),
                new TreeMap<>());
    }

    private static Histogram histogram(JsonNode json) {
        JsonNode counts = json.get("counts");
        long[] documents = IntStream.range(0, counts.size())
                .mapToLong(i -> counts.get(i).asLong())
                .toArray();
        return Histogram.of(json.get("first").asInt(), documents);
    }

    /** The rows of {@code expected-name.csv}: values by the names of their columns. */
    static List<Map<String, String>> expected(String name) {
        List<String> lines = lines("expected-" + name + ".csv");
        String[] header = lines.get(0).split(",");
        return lines.stream()
                .skip(1)
                .map(line -> {
                    String[] values = line.split(",", -1);
                    Map<String, String> row = new LinkedHashMap<>();
                    IntStream.range(0, header.length).forEach(i -> row.put(header[i], values[i]));
                    return row;
                })
                .toList();
    }

    static Slice slice(String name) {
        return name.equals("*") ? Slice.CORPUS : Slice.of(name);
    }

    private static JsonNode parse(String line) {
        try {
            return JSON.readTree(line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> lines(String name) {
        try (BufferedReader reader = new BufferedReader(
                new InputStreamReader(GoldenYear.class.getResourceAsStream(name), StandardCharsets.UTF_8))) {
            return new ArrayList<>(reader.lines().toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
