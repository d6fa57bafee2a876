package dev.cloze.job.plan;

import dev.cloze.job.plan.RunPlan.PlannedSplit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Plans and splits of a corpus that is nowhere. */
final class Plans {
    private Plans() {}

    static Split split(int partition, String path, long start, long length) {
        return new Split(partition, path, 1000, start, length);
    }

    static PlannedSplit planned(String path, long start, long length, Long... rows) {
        return PlannedSplit.of(split(Split.UNREAD, path, start, length), List.of(rows), "");
    }

    static PlannedSplit unreadable(String path, String problem) {
        return PlannedSplit.of(split(Split.UNREAD, path, 0, 64), List.of(), problem);
    }

    static TreeMap<String, String> identity(String command) {
        return new TreeMap<>(Map.of("command", command));
    }

    static RunPlan plan(PlannedSplit... splits) {
        return new RunPlan("a run", identity("fill-mask"), new ChunkCutter(100, 1), List.of(), List.of(splits));
    }
}
