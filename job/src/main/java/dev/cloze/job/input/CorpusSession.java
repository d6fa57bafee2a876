package dev.cloze.job.input;

import dev.cloze.job.files.Secrets;
import dev.cloze.job.records.Doubtful;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;

/** What a run keeps of its corpus while it reads it, maybe several times: what was said about it, and what came from pipes. */
public final class CorpusSession implements AutoCloseable {
    private final SparkSession spark;
    private final Corpus corpus;
    private final Consumer<String> terminal;
    private final Set<String> said = new HashSet<>();
    private final Doubtful doubtful;
    private Streams streams;

    /** @param terminal receives messages for the user */
    public CorpusSession(SparkSession spark, Corpus corpus, Consumer<String> terminal) {
        this.spark = spark;
        this.corpus = corpus;
        this.terminal = terminal;
        this.doubtful = Doubtful.in(spark.sparkContext());
    }

    Configuration hadoop() {
        return spark.sessionState().newHadoopConf();
    }

    SparkSession spark() {
        return spark;
    }

    Corpus corpus() {
        return corpus;
    }

    Doubtful doubtful() {
        return doubtful;
    }

    /** Says something once, however often the corpus is read. */
    void say(String message) {
        if (said.add(message)) {
            terminal.accept(message);
        }
    }

    /** What comes from pipes, which can be read once only; absent when the corpus lies in files. */
    Optional<Streams> streams() {
        if (streams == null && Streams.areNamed(corpus.inputs())) {
            streams = Streams.read(corpus.inputs());
        }
        return Optional.ofNullable(streams);
    }

    /** What the corpus is, for one that does not come from files which could be compared one by one. */
    public Map<String, String> identity() {
        Map<String, String> identity = new TreeMap<>();
        identity.put("--input", corpus.inputs().stream().map(Secrets::location).collect(Collectors.joining(", ")));
        streams().ifPresent(read -> identity.put("what was piped in", read.digest()));
        return identity;
    }

    /** Says how many rows have characters that nobody wrote, if any. */
    public void sayDoubtful() {
        if (doubtful.count() == 0) {
            return;
        }
        String encoding = corpus.reading().encoding().orElse("UTF-8");
        String rows =
                doubtful.count() == 1 ? "1 row has" : String.format(Locale.ROOT, "%,d rows have", doubtful.count());
        say(rows + " characters that no text of " + encoding + " has (bytes that mean nothing, read as U+FFFD, or NUL),"
                + " first in " + doubtful.first().orElse("")
                + "; give the encoding of the files with --encoding, such as ISO-8859-1,"
                + " windows-1252 or UTF-16");
    }

    @Override
    public void close() {
        if (streams != null) {
            streams.close();
        }
    }
}
