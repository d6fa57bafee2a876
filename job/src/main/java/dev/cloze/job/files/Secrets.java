package dev.cloze.job.files;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.internal.SQLConf;
import scala.Tuple2;
import scala.collection.mutable.Buffer;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Keeps passwords, keys and tokens out of what is written and said. Options whose names or values Spark would redact
 * ({@code spark.redaction.regex}, {@code spark.sql.redaction.options.regex}) are hidden, and passwords in URLs.
 */
public final class Secrets {
    /** What stands in the place of a secret; Spark writes the same. */
    public static final String HIDDEN = "*********(redacted)";

    /** Names that Spark's own pattern does not know. */
    private static final String MORE_NAMES =
            "passw|passphrase|pwd|credential|secret|(?:access|api|account|private)[._-]?key|signature";

    private static final Pattern NAMES = Pattern.compile("(?i)" + MORE_NAMES);

    /** {@code user:password@} of a URL; what looks like a port is none. A password may contain a slash. */
    private static final Pattern USER_INFO = Pattern.compile("(://[^/@:\\s]*:)(?!\\d+(?:/|$))[^@\\s]+(?=@)");

    /** {@code jdbc:oracle:thin:user/password@host}. */
    private static final Pattern JDBC_USER = Pattern.compile("(?i)(jdbc:[^/@\\s]*)/(?!/)[^@\\s]+(?=@)");

    private static final Pattern NAMED = Pattern.compile("(?i)([\\w.-]*(?:" + MORE_NAMES
            + "|token(?![a-z]))[\\w.-]*[=:])(?!//|\\*{9})(\"[^\"]*\"|'[^']*'|[^\\s,;&})'\"]+)");

    private Secrets() {}

    /** Text of a message, or of a file of an earlier version, without the secrets that can be recognised in it. */
    public static String hiddenIn(String text) {
        return NAMED.matcher(location(text)).replaceAll("$1" + replacement());
    }

    /** A path or URL without its password. */
    public static String location(String location) {
        // Most are paths, and there may be a million of them.
        if (location.indexOf('@') < 0 || location.indexOf(':') < 0) {
            return location;
        }
        String shown = USER_INFO.matcher(location).replaceAll("$1" + replacement());
        return JDBC_USER.matcher(shown).replaceAll("$1/" + replacement());
    }

    private static String replacement() {
        return Matcher.quoteReplacement(HIDDEN);
    }

    /** A setting's value as it may be written down. */
    public static Object shown(Object value) {
        if (value instanceof Map<?, ?> options) {
            Map<String, Object> shown = new LinkedHashMap<>();
            options.forEach((name, option) -> shown.put(
                    String.valueOf(name),
                    isSecret(String.valueOf(name), String.valueOf(option)) ? HIDDEN : shown(option)));
            return shown;
        }
        if (value instanceof Collection<?> all) {
            return all.stream().map(Secrets::shown).toList();
        }
        return value instanceof String text ? location(text) : value;
    }

    /** A setting's value as one word that differs for other values: of a secret, a digest that is slow to guess. */
    public static String identity(Object value) {
        if (value instanceof Map<?, ?> options) {
            return identity(options);
        }
        String text = String.valueOf(value);
        String shown = location(text);
        return shown.equals(text) ? text : shown + " " + SlowDigest.of(text, shown);
    }

    private static String identity(Map<?, ?> options) {
        Map<String, String> identities = new LinkedHashMap<>();
        options.forEach((name, option) ->
                identities.put(String.valueOf(name), identity(option, String.valueOf(name), options)));
        return identities.toString();
    }

    /** What is no secret among {@code options} makes the same password another digest elsewhere. */
    private static String identity(Object option, String name, Map<?, ?> options) {
        String text = String.valueOf(option);
        return isSecret(name, text) ? HIDDEN + " " + SlowDigest.of(text, name + shown(options)) : identity(option);
    }

    private static boolean isSecret(String name, String value) {
        Buffer<Tuple2<String, String>> option = CollectionConverters.asScala(List.of(new Tuple2<>(name, value)));
        return NAMES.matcher(name).find()
                || !SQLConf.get().redactOptions(option).apply(0)._2().equals(value);
    }
}
