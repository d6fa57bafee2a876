package dev.cloze.job.chunks;

import dev.cloze.failure.Causes;
import dev.cloze.failure.ClozeException;
import dev.cloze.job.files.Secrets;
import dev.cloze.job.output.RunDirectory;
import dev.cloze.job.plan.PlanFile;
import dev.cloze.job.plan.RunPlan;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** How far a run is. */
public final class RunProgress {
    private RunProgress() {}

    /** What stands in the output {@code directory}, by names and in words. */
    public static Map<String, String> of(String directory, Configuration hadoop) {
        try {
            Path path = new Path(directory);
            FileSystem files = path.getFileSystem(hadoop);
            RunDirectory run = new RunDirectory(files, path);
            RunPlan plan = new PlanFile(files, path)
                    .read()
                    .orElseThrow(() -> ClozeException.user(
                            "show run " + directory, "there is no _plan.json in it", "name the --output of a run"));
            Map<String, Long> planned = plan.files();
            Set<String> there = run.chunks();
            long chunks = 0;
            long rows = 0;
            for (Map.Entry<String, Long> chunk : planned.entrySet()) {
                if (there.contains(chunk.getKey())) {
                    chunks++;
                    rows += chunk.getValue();
                }
            }
            long allRows = planned.values().stream().mapToLong(Long::longValue).sum();
            boolean complete = run.isComplete() && chunks == planned.size();
            Map<String, String> progress = new LinkedHashMap<>();
            progress.put("run", plan.run());
            progress.put("state", complete ? "complete" : "unfinished: run the same command again");
            progress.put("chunks", chunks + " of " + planned.size());
            progress.put("rows", rows + " of " + allRows);
            plan.problems()
                    .forEach((file, problem) -> progress.merge(
                            "not read: " + new Path(file).getName(), problem, (one, other) -> one + "; " + other));
            // A plan of an earlier version of Cloze may hold secrets.
            plan.identity().forEach((name, value) -> progress.put(name, Secrets.hiddenIn(value)));
            return progress;
        } catch (IOException | IllegalArgumentException e) {
            throw ClozeException.resources(
                    "read " + directory, Causes.firstLine(e), "check the directory and its permissions", e);
        }
    }
}
