package dev.cloze.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleStoreTest {
    @TempDir
    Path root;

    @Test
    void aModelIsImportedOnceAndThenReused() {
        AtomicInteger imports = new AtomicInteger();
        BundleStore store = new BundleStore(root);

        Bundle first = store.findOrImport("m", target -> {
            imports.incrementAndGet();
            write(target);
        });
        Bundle second = store.findOrImport("m", target -> imports.incrementAndGet());

        assertThat(imports).hasValue(1);
        assertThat(second).isEqualTo(first);
        assertThat(store.names()).containsExactly("m");
    }

    @Test
    void anImportThatFailsLeavesNothing() throws IOException {
        BundleStore store = new BundleStore(root);

        assertThatThrownBy(() -> store.findOrImport("m", target -> {
                    write(target);
                    throw new IllegalStateException("killed");
                }))
                .hasMessage("killed");

        assertThat(store.find("m")).isEmpty();
        assertThat(visible()).isEmpty();
    }

    @Test
    void whatAKilledImportLeftBehindIsReplaced() throws IOException {
        Path unfinished = Files.createDirectories(root.resolve(".importing-m"));
        Files.writeString(unfinished.resolve("model.onnx"), "half");

        new BundleStore(root).findOrImport("m", BundleStoreTest::write);

        assertThat(visible()).containsExactly("m");
        assertThat(unfinished).doesNotExist();
    }

    @Test
    void twoImportsAtOnceDoTheWorkOnce() {
        AtomicInteger imports = new AtomicInteger();

        List<Bundle> bundles = IntStream.range(0, 8)
                .parallel()
                .mapToObj(i -> new BundleStore(root).findOrImport("m", target -> {
                    imports.incrementAndGet();
                    write(target);
                }))
                .toList();

        assertThat(imports).hasValue(1);
        assertThat(bundles).containsOnly(bundles.get(0));
    }

    @Test
    void aDamagedFileIsNamedWithBothDigests() throws IOException {
        Bundle bundle = new BundleStore(root).findOrImport("m", BundleStoreTest::write);
        bundle.verify();
        Files.writeString(bundle.file("model.onnx"), "weighty");

        // Sha256 of "weighty" and of "weights", by sha256sum.
        assertThatThrownBy(bundle::verify)
                .hasMessage("Cannot open model " + root.resolve("m")
                        + ": model.onnx has sha256 0775d5adecb9bf7f822f6de96c47eca3ecb0b5b8f20e9e1e3fb9631973683cec"
                        + " (7 bytes), cloze.json says"
                        + " 9a129038d9a00aed0cf6a7ea059ca50a813449061ab87848cf1a13eafdf33b2c (7 bytes); the file is"
                        + " damaged: delete the directory and import the model again");
    }

    @Test
    void aFileThatIsMissingIsNamed() throws IOException {
        Bundle bundle = new BundleStore(root).findOrImport("m", BundleStoreTest::write);
        Files.delete(bundle.file("model.onnx"));

        assertThatThrownBy(bundle::verify)
                .hasMessage(
                        "Cannot open model " + root.resolve("m")
                                + ": it has no model.onnx, which its manifest names; delete the directory and import the model again");
    }

    @Test
    void aDirectoryWithoutAManifestIsNoBundle() {
        assertThatThrownBy(() -> Bundle.open(root))
                .hasMessage("Cannot open model " + root
                        + ": it has no cloze.json; make a bundle of it with `cloze model" + " import " + root + "`");
    }

    private static void write(Path target) {
        try {
            Files.writeString(target.resolve("model.onnx"), "weights");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Bundle.seal(
                target,
                new Manifest(
                        Manifest.FORMAT,
                        "m",
                        "bert",
                        Manifest.Kind.MASKED,
                        "[MASK]",
                        null,
                        "[PAD]",
                        8,
                        9,
                        "fp32",
                        false,
                        Bundle.listing(target)));
    }

    private List<String> visible() throws IOException {
        try (Stream<Path> files = Files.list(root)) {
            return files.map(path -> path.getFileName().toString())
                    .filter(name -> !name.endsWith(".lock"))
                    .toList();
        }
    }
}
