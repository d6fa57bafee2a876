package dev.cloze.adapt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloze.failure.ClozeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkingDirectoryTest {
    private static final long MORE_THAN_ANY_DISK = 1L << 60;

    @TempDir
    Path directory;

    @Test
    void aDiskWithoutRoomForTheCheckpointsIsSaidBeforeTheFirstStep() throws IOException {
        try (WorkingDirectory work = WorkingDirectory.of(directory.resolve("out"), new TreeMap<>())) {
            assertThatThrownBy(() -> work.requireRoom(MORE_THAN_ANY_DISK))
                    .isInstanceOfSatisfying(
                            ClozeException.class, e -> assertThat(e.kind()).isEqualTo(ClozeException.Kind.RESOURCES))
                    .hasMessageMatching("Cannot adapt a model in " + directory
                            + "/out\\.adapting: two checkpoints and the model take 1099511627776 MB, and there is room for"
                            + " \\d+ MB; make room there, or choose another --output");
        }
    }

    @Test
    void whatCannotBeResumedIsRemovedAndWhatCanIsKept() throws IOException {
        try (WorkingDirectory work = WorkingDirectory.of(directory.resolve("out"), new TreeMap<>())) {
            work.keep(new TrainingState(TrainingState.Progress.BEGIN, List.of()));
            work.discardUnlessResumable();
            assertThat(work.lastCheckpoint()).isPresent();

            Files.delete(work.lastCheckpoint().orElseThrow());
            work.discardUnlessResumable();
            assertThat(directory).isEmptyDirectory();
            work.discardUnlessResumable();
        }
    }
}
