package dev.cloze.importing.family;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cloze.failure.ClozeException;
import dev.cloze.importing.source.Subject;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What {@code config.json} says of a network. Older files leave out what has its default, so every value is asked for with the default
 * that its class has in transformers.
 *
 * @param json {@code config.json}
 * @param subject of refusals
 */
public record FamilyConfig(JsonNode json, Subject subject) {
    private static final int LARGEST = 1 << 24;

    /** A size of the network: a whole number from 1 on. */
    int size(String key, int otherwise) {
        return number(key, otherwise, 1);
    }

    /** A whole number from 0 on. */
    int count(String key, int otherwise) {
        return number(key, otherwise, 0);
    }

    private int number(String key, int otherwise, int least) {
        JsonNode value = value(key).orElse(null);
        if (value == null) {
            return otherwise;
        }
        if (!value.isInt() || value.asInt() < least || value.asInt() > LARGEST) {
            throw refuse(key, value, "a whole number from " + least + " to " + LARGEST);
        }
        return value.asInt();
    }

    double real(String key, double otherwise) {
        JsonNode value = value(key).orElse(null);
        if (value == null) {
            return otherwise;
        }
        if (!value.isNumber() || !Double.isFinite(value.asDouble())) {
            throw refuse(key, value, "a number");
        }
        return value.asDouble();
    }

    String text(String key, String otherwise) {
        JsonNode value = value(key).orElse(null);
        if (value == null) {
            return otherwise;
        }
        if (!value.isTextual()) {
            throw refuse(key, value, "a text");
        }
        return value.asText();
    }

    /** Whether {@code key} is true; false when it is absent. */
    boolean says(String key) {
        return value(key).filter(JsonNode::asBoolean).isPresent();
    }

    /** Whether {@code key} is there and false. */
    boolean denies(String key) {
        return value(key).filter(value -> !value.asBoolean(true)).isPresent();
    }

    /** The value of {@code key}; empty when it is absent or null. */
    Optional<JsonNode> value(String key) {
        return Optional.of(json.path(key)).filter(value -> !value.isMissingNode() && !value.isNull());
    }

    /** The texts of a list, or of a text that is cut at {@code |}. */
    Stream<String> texts(String key) {
        JsonNode value = value(key).orElse(null);
        if (value == null) {
            return Stream.empty();
        }
        return value.isTextual()
                ? Stream.of(value.asText().split("\\|")).map(String::strip)
                : Stream.iterate(0, i -> i < value.size(), i -> i + 1)
                        .map(i -> value.path(i).asText());
    }

    /** Of {@code whole} columns, what each of {@code heads} heads has. */
    int share(int whole, int heads) {
        if (whole % heads != 0) {
            throw subject.refuse(
                    "its config.json divides " + whole + " columns among " + heads + " heads",
                    "put the config.json there that was saved with the model");
        }
        return whole / heads;
    }

    /** Fails unless {@code key} is absent or has the value {@code only}, the one that a family's page describes. */
    void require(String key, String only) {
        value(key).filter(value -> !value.asText().equals(only)).ifPresent(value -> {
            throw unsupported(key + " " + Subject.shown(value.asText()));
        });
    }

    /** Fails when this describes a decoder, whose tokens do not see what is on their right, or which reads a second text. */
    void requireEncoder() {
        if (says("is_decoder")) {
            throw unsupported("a decoder (is_decoder), which predicts each word from those on its left");
        }
        if (says("add_cross_attention")) {
            throw unsupported("cross attention (add_cross_attention)");
        }
    }

    /** The refusal of a network that is described, but not by any page here. */
    ClozeException unsupported(String what) {
        return subject.refuse(
                "its config.json asks for " + what + ", which Cloze does not build from weights",
                "export the model to ONNX and import that");
    }

    private ClozeException refuse(String key, JsonNode value, String wanted) {
        return subject.refuse(
                "its config.json says that " + key + " is " + Subject.shown(value.toString()) + ", not " + wanted,
                "put the config.json there that was saved with the model");
    }
}
