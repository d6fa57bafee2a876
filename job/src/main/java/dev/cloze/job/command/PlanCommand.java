package dev.cloze.job.command;

import dev.cloze.failure.Problems;
import dev.cloze.job.input.CorpusSize;
import dev.cloze.job.run.Estimate;
import dev.cloze.job.run.SampleRun;
import dev.cloze.job.terminal.Table;
import dev.cloze.job.terminal.Terminal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** {@code cloze plan}. */
@CommandLine.Command(
        name = "plan",
        description = "Estimate hours, memory and cost of a run over a corpus, from a run over a sample of it.",
        footer = {
            "  cloze fill-mask --input sample.jsonl --output sample-scores",
            "  cloze plan --sample sample-scores --input hdfs:///articles --cores 64 --price 0.05"
        })
final class PlanCommand implements Command {
    private static final double GIGABYTE = 1 << 30;

    @Option(
            names = "--sample",
            paramLabel = "DIR",
            description = "The --output of a run over a sample of the corpus, in files of the same format.")
    private Optional<String> sample = Optional.empty();

    @Option(
            names = "--input",
            paramLabel = "PATH",
            arity = "1..*",
            description = "Files, directories or globs of the corpus; only their sizes are looked at.")
    private List<String> inputs = List.of();

    @Option(
            names = "--cores",
            paramLabel = "N",
            description = "Cores of the cluster that score at once (default: ${DEFAULT-VALUE}).")
    private int cores = 1;

    @Option(
            names = "--executor-cores",
            paramLabel = "N",
            description = "Cores of an executor (default: ${DEFAULT-VALUE}).")
    private int executorCores = 4;

    @Option(
            names = "--rate",
            paramLabel = "TOKENS",
            description =
                    "Tokens that a core of the cluster reads in a second, when that is known (default: as in the sample).")
    private Optional<Double> rate = Optional.empty();

    @Option(names = "--price", paramLabel = "PRICE", description = "Price of a core for an hour, in any currency.")
    private Optional<Double> price = Optional.empty();

    @Override
    public void check(Problems problems) {
        problems.require(sample.isPresent(), "there is no sample: name the --output of a run with --sample");
        problems.require(!inputs.isEmpty(), "there is no corpus: give --input");
        problems.require(cores > 0, "--cores must be at least 1, it is " + cores);
        problems.require(executorCores > 0, "--executor-cores must be at least 1, it is " + executorCores);
        problems.require(
                rate.filter(value -> !(value > 0)).isEmpty(), "--rate must be more than 0, it is " + rate.orElse(0.0));
        problems.require(
                price.filter(value -> !(value >= 0)).isEmpty(),
                "--price must be 0 or more, it is " + price.orElse(0.0));
    }

    @Override
    public void run(Terminal terminal) {
        Configuration hadoop = SparkHadoopUtil.get().newConfiguration(new SparkConf());
        Estimate estimate = new Estimate(
                SampleRun.of(sample.orElseThrow(), hadoop),
                CorpusSize.bytes(inputs, hadoop),
                rate.map(OptionalDouble::of).orElseGet(OptionalDouble::empty),
                cores,
                executorCores);
        Table table = new Table(List.of(Table.Column.text("estimate"), Table.Column.number("")));
        terminal.out().print(terminal.render(table, lines(estimate)));
    }

    private List<List<String>> lines(Estimate estimate) {
        List<List<String>> lines = new ArrayList<>();
        lines.add(List.of("command", estimate.sample().command()));
        lines.add(List.of("rows", number("%,d", estimate.rows())));
        lines.add(List.of("tokens", number("%,d", estimate.tokens())));
        lines.add(List.of("tokens per second and core", number("%,.0f", rate.orElseGet(estimate.sample()::rate))));
        lines.add(List.of("core hours", number("%,.2f", estimate.coreHours())));
        lines.add(List.of("hours on " + cores + (cores == 1 ? " core" : " cores"), number("%,.2f", estimate.hours())));
        lines.add(List.of("executors", number("%,d", estimate.executors())));
        lines.add(List.of("memory of an executor, GB", number("%,.1f", estimate.executorMemory() / GIGABYTE)));
        price.ifPresent(each -> lines.add(List.of("cost", number("%,.2f", each * estimate.coreHours()))));
        return lines;
    }

    private static String number(String format, Object value) {
        return String.format(Locale.ROOT, format, value);
    }
}
