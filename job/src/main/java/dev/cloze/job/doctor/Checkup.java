package dev.cloze.job.doctor;

import dev.cloze.model.ModelSpec;
import dev.cloze.onnx.DeviceRequest;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What is looked at in a JVM, in the order in which a run would need it. */
final class Checkup {
    private Checkup() {}

    /** Where no task runs. */
    static List<Finding> ofDriver() {
        return look(libraries());
    }

    /** Where a task runs: the one that calls. */
    static List<Finding> ofTask(DeviceRequest device, Optional<ModelSpec> model) {
        Stream<Check> scoring =
                Stream.concat(Stream.of(new DeviceCheck(device)), model.stream().map(ModelCheck::new));
        return look(Stream.concat(libraries(), scoring));
    }

    private static Stream<Check> libraries() {
        Platform platform = Platform.ofThisJvm();
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        return Stream.of(
                new JavaVersion(),
                platform,
                Encoding.ofThisJvm(),
                new TemporaryDirectory(temporary, OnnxRuntimeLibrary.unpacked(platform)),
                new OnnxRuntimeLibrary(),
                new TokenizersLibrary(),
                new TelemetryCheck(System.getenv()));
    }

    /** What is broken once breaks what comes after it, too; that is said once. */
    private static List<Finding> look(Stream<Check> checks) {
        Set<String> broken = new HashSet<>();
        return checks.map(Finding::of)
                .filter(finding -> !finding.isBroken() || broken.add(finding.found()))
                .toList();
    }
}
