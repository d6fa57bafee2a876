package dev.cloze.job.input;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The files of a corpus.
 *
 * @param roots what inputs stand for
 * @param format of the files
 */
record CorpusFiles(CorpusSession session, Roots roots, String format) {
    private static final String BASE_PATH = "basePath";
    /** Options of Spark that choose among files. */
    private static final Set<String> LISTING =
            Set.of("pathglobfilter", "recursivefilelookup", "modifiedbefore", "modifiedafter");

    private static final int NAMED = 1;
    /** Files of more bytes than this should be worth more than one task. */
    private static final long LARGE = 1L << 28;

    static CorpusFiles of(CorpusSession session) {
        Roots roots = Roots.of(session.corpus().inputs(), session.hadoop());
        String format = session.corpus().reading().format().orElseGet(() -> {
            refuseTables(session, roots.directories(session.hadoop()));
            return FileFormat.of(
                    roots.paths(), String.join(", ", session.corpus().inputs()), session.hadoop());
        });
        return new CorpusFiles(session, roots, format);
    }

    /** Loads all files, each once. */
    Dataset<Row> load(Supplier<DataFrameReader> reader) {
        try {
            if (TableDirectories.mayHold(format)) {
                refuseTables(session, roots.paths());
            }
            SchemaInference loading = new SchemaInference(
                    () -> listed(reader.get()),
                    () -> listed(session.spark().read().format(RecordLoading.TEXT)),
                    List.of(roots.names()));
            Dataset<Row> data = PartitionValues.asTheyStand(session.spark(), loading::load);
            ListedFiles files = ListedFiles.of(data);
            if (listsAll()) {
                files.requireAll(roots, session.hadoop());
            }
            files.requireFiles(String.join(", ", session.corpus().inputs()));
            if (TableDirectories.mayHold(format)) {
                files.requireNoTable(session.hadoop());
            }
            List<Path> repeated = files.repeated();
            sayRepeated(repeated);
            return ListedFiles.without(data, repeated);
        } catch (IOException e) {
            throw ReadFailure.unreadable(String.join(", ", session.corpus().inputs()), e);
        }
    }

    /** Whether nobody said which files are wanted. */
    private boolean listsAll() {
        return session.corpus().reading().options().keySet().stream()
                .noneMatch(option -> LISTING.contains(option.toLowerCase(Locale.ROOT)));
    }

    /** Also by the paths that links lead to. */
    private static void refuseTables(CorpusSession session, List<Path> paths) {
        TableDirectories tables = new TableDirectories(session.hadoop());
        paths.forEach(tables::refuse);
        paths.stream().map(Roots::real).forEach(tables::refuse);
    }

    private DataFrameReader listed(DataFrameReader reader) {
        reader.option("__globPaths__", false);
        TreeMap<String, String> given = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        given.putAll(session.corpus().reading().options());
        Optional<Path> base = roots.base().filter(path -> !given.containsKey(BASE_PATH));
        base.ifPresent(path -> reader.option(BASE_PATH, path.toString()));
        return reader;
    }

    private void sayRepeated(List<Path> links) {
        TreeSet<String> repeated = new TreeSet<>(roots.repeated());
        links.forEach(path -> repeated.add(path.toUri().getPath()));
        if (!repeated.isEmpty()) {
            session.say("the corpus has " + UnreadableFiles.firstFew(List.copyOf(repeated))
                    + " more than once, by several names: it is read once");
        }
    }

    /** Says that one task has to read a large file which is not read in pieces. */
    void sayWhole(Dataset<Row> data, String why) {
        List<FileStatus> large = ListedFiles.of(data).files().stream()
                .filter(file -> file.getLen() > LARGE)
                .limit(NAMED)
                .toList();
        for (FileStatus file : large) {
            session.say(
                    file.getPath().toUri().getPath() + " is read from its beginning by every task that scores a part"
                            + " of it, because " + why + "; a run is faster with files of less than "
                            + (LARGE >> 20) + " MB");
        }
    }
}
