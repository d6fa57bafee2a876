package dev.cloze.job.command;

import dev.cloze.failure.Problems;
import dev.cloze.job.audit.AuditHistory;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;
import picocli.CommandLine.Option;

/** Where the history of an audit lies. */
@Section("History")
final class HistoryOptions {
    @Option(
            names = "--history",
            paramLabel = "DIR",
            description = "Directory of the nights, verdicts and decisions; it is made by the first night.")
    private Optional<String> directory = Optional.empty();

    void check(Problems problems) {
        problems.require(
                directory.filter(name -> !name.isBlank()).isPresent(), "there is no --history: name its directory");
    }

    String directory() {
        return directory.orElseThrow();
    }

    /** The history that is there. */
    AuditHistory open() {
        return AuditHistory.open(directory(), hadoop());
    }

    static Configuration hadoop() {
        return SparkHadoopUtil.get().newConfiguration(new SparkConf());
    }
}
