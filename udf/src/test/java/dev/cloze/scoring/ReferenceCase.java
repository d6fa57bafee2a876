package dev.cloze.scoring;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/** One input and what the Python pipeline answers to it; written by the scripts in {@code src/test/python}. */
public record ReferenceCase(
        String name,
        String text,
        String pair,
        @JsonProperty("top_k") int topK,
        List<String> targets,
        @JsonProperty("clean_up") boolean cleanUp,
        @JsonProperty("mask_count") int maskCount,
        List<List<Expected>> masks,
        String error,
        List<String> warnings) {

    /** One candidate. */
    public record Expected(
            double score,
            Long token,
            @JsonProperty("token_str") String tokenText,
            String sequence) {}

    public Optional<String> second() {
        return Optional.ofNullable(pair);
    }

    @Override
    public String toString() {
        return name;
    }

    public static List<ReferenceCase> read(String resource) {
        return read(resource, new TypeReference<>() {});
    }

    public static <T> T read(String resource, TypeReference<T> type) {
        try (InputStream in = ReferenceCase.class.getResourceAsStream(resource)) {
            return new ObjectMapper().readValue(in, type);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
