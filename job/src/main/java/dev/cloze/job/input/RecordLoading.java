package dev.cloze.job.input;

import dev.cloze.failure.ClozeException;
import dev.cloze.job.records.Csv;
import dev.cloze.job.records.Encodings;
import dev.cloze.job.records.Json;
import dev.cloze.job.records.RecordOptions;
import dev.cloze.job.records.RecordOptions.Kind;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * How files of text, CSV and JSON are read by this program. Options of Spark's readers that it does not have leave the file to
 * those.
 *
 * @param format text, csv, tsv or json
 */
record RecordLoading(Corpus corpus, String format) {
    static final String TEXT = "text";
    private static final String CSV = "csv";
    private static final String TSV = "tsv";
    static final String JSON = "json";
    private static final String MULTILINE = "multiline";
    private static final Set<String> ENCODING = Set.of("encoding", "charset");
    private static final Set<String> LISTING =
            Set.of("pathglobfilter", "recursivefilelookup", "basepath", "modifiedbefore", "modifiedafter", MULTILINE);
    private static final Set<String> OF_CSV = Set.of("sep", "delimiter", "quote", "header");
    private static final Set<String> OF_JSON = Set.of(
            "allowcomments",
            "allowunquotedfieldnames",
            "allowsinglequotes",
            "allownumericleadingzeros",
            "allownonnumericnumbers",
            "allowbackslashescapinganycharacter",
            "allowunquotedcontrolchars",
            "dateformat",
            "dropfieldifallnull",
            "infertimestamp",
            "locale",
            "prefersdecimal",
            "primitivesasstring",
            "samplingratio",
            "timestampformat",
            "timestampntzformat",
            "timezone");

    /** Formats of files of characters. */
    static boolean isText(String format) {
        return List.of(TEXT, CSV, TSV, JSON).contains(format);
    }

    private Map<String, String> options() {
        Map<String, String> options = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        options.putAll(corpus.reading().options());
        return options;
    }

    /** How the files are read, unless Spark's own reader has to. */
    Optional<RecordOptions> options(String id) {
        Map<String, String> options = options();
        boolean isKnown = options.keySet().stream().allMatch(this::isKnown);
        if (!isText(format) || !isKnown || isTable() && !isPlain(options)) {
            return Optional.empty();
        }
        return Optional.of(new RecordOptions(
                kind(options), encoding(), isTable() ? csv(options) : null, json(options, id), wanted()));
    }

    private boolean isKnown(String option) {
        String name = option.toLowerCase(Locale.ROOT);
        return ENCODING.contains(name)
                || LISTING.contains(name)
                || isTable() && OF_CSV.contains(name)
                || format.equals(JSON) && OF_JSON.contains(name);
    }

    private boolean isTable() {
        return format.equals(CSV) || format.equals(TSV);
    }

    /** Whether a dialect has one character between fields and one around them, and rows that end where quotes end. */
    private boolean isPlain(Map<String, String> options) {
        return separator(options).length() == 1
                && options.getOrDefault("quote", "\"").length() <= 1
                && !"false".equalsIgnoreCase(options.get(MULTILINE));
    }

    private String separator(Map<String, String> options) {
        String given = options.getOrDefault("sep", options.getOrDefault("delimiter", format.equals(TSV) ? "\t" : ","));
        return given.equals("\\t") ? "\t" : given;
    }

    private Csv csv(Map<String, String> options) {
        String quote = options.getOrDefault("quote", "\"");
        boolean isHeadless = "false".equalsIgnoreCase(options.get("header"));
        return new Csv(
                separator(options).charAt(0),
                quote.isEmpty() ? Csv.NO_QUOTE : quote.charAt(0),
                isHeadless ? Csv.Header.NONE : Csv.Header.FIRST_ROW);
    }

    private Kind kind(Map<String, String> options) {
        if (isTable()) {
            return Kind.TABLE;
        }
        if (format.equals(TEXT)) {
            return Kind.LINES;
        }
        return "true".equalsIgnoreCase(options.get(MULTILINE)) ? Kind.VALUES : Kind.OBJECTS;
    }

    /** The name of the files' encoding. */
    String encoding() {
        Map<String, String> options = options();
        String name = corpus.reading()
                .encoding()
                .or(() -> Optional.ofNullable(options.get("encoding")))
                .or(() -> Optional.ofNullable(options.get("charset")))
                .orElse(StandardCharsets.UTF_8.name());
        return Encodings.named(name).name();
    }

    private Json json(Map<String, String> options, String id) {
        Map<String, String> own = new TreeMap<>(options);
        own.keySet().removeIf(option -> !OF_JSON.contains(option.toLowerCase(Locale.ROOT)));
        Set<String> keys = new LinkedHashSet<>();
        for (String name : wanted()) {
            keys.add(name);
            keys.add(name.split("\\.", 2)[0]);
        }
        return new Json(List.copyOf(keys), id, Json.Numbers.ALL, "", own);
    }

    /** The columns of a table, or paths into objects, that are read. */
    private List<String> wanted() {
        return Stream.of(
                        corpus.columns().id().stream(),
                        corpus.columns().keep().stream(),
                        Stream.of(corpus.columns().text().orElse(TEXT)),
                        corpus.columns().pair().stream())
                .flatMap(names -> names)
                .distinct()
                .toList();
    }

    /** Fails when an encoding is given that nothing would come of. */
    void requireEncodingHasUse() {
        if (corpus.reading().encoding().isPresent()) {
            encoding();
            if (!isText(format)) {
                throw ClozeException.user(
                        "read format " + format + " with --encoding",
                        "its files say themselves what their characters are",
                        "leave --encoding out");
            }
        }
    }
}
