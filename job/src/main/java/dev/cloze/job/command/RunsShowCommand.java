package dev.cloze.job.command;

import dev.cloze.failure.Problems;
import dev.cloze.job.chunks.RunProgress;
import dev.cloze.job.terminal.Table;
import dev.cloze.job.terminal.Terminal;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** {@code cloze runs show}. */
@CommandLine.Command(
        name = "show",
        description = "Show what a run is and how far it came.",
        footer = {"  cloze runs show scores"})
final class RunsShowCommand implements Command {
    @Parameters(index = "0", paramLabel = "DIR", description = "The --output of a run.")
    private String directory;

    @Override
    public void check(Problems problems) {
        problems.require(directory != null && !directory.isEmpty(), "DIR names the --output of a run");
    }

    @Override
    public void run(Terminal terminal) {
        List<List<String>> lines =
                RunProgress.of(directory, SparkHadoopUtil.get().newConfiguration(new SparkConf())).entrySet().stream()
                        .map(entry -> List.of(entry.getKey(), entry.getValue()))
                        .toList();
        Table table = new Table(List.of(Table.Column.text("property"), Table.Column.text("value")));
        terminal.out().print(terminal.render(table, lines));
    }
}
