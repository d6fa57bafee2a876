package dev.cloze.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloze.failure.ClozeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleStoreTest {
    private static final Consumer<Path> NEVER = target -> {
        throw new AssertionError("nothing is to be imported");
    };

    @TempDir
    Path root;

    @Test
    void aModelIsImportedOnceAndThenReused() {
        BundleStore store = new BundleStore(root);

        Bundle first = findOrImport(store, BundleStoreTest::write);
        Bundle second = findOrImport(store, NEVER);

        assertThat(second).isEqualTo(first);
        assertThat(store.names()).containsExactly("m");
    }

    @Test
    void anImportThatFailsLeavesNothing() throws IOException {
        BundleStore store = new BundleStore(root);

        assertThatThrownBy(() -> findOrImport(store, target -> {
                    write(target);
                    throw new IllegalStateException("killed");
                }))
                .hasMessage("killed");

        assertThat(store.find("m")).isEmpty();
        assertThat(visible()).isEmpty();
        assertThat(work()).containsExactly("m.lock", "made-by-cloze.txt");
    }

    @Test
    void whatKilledImportsLeftBehindIsRemoved() throws IOException {
        findOrImport(new BundleStore(root), BundleStoreTest::write);
        for (String name : List.of("m.unfinished", "other.unfinished", "other.discarded")) {
            Files.writeString(
                    Files.createDirectory(root.resolve(".cloze-cache").resolve(name))
                            .resolve("model.onnx"),
                    "half");
        }

        new BundleStore(root).importNew("n", BundleStoreTest::write);

        assertThat(visible()).containsExactly("m", "n");
        assertThat(work()).containsExactly("m.lock", "made-by-cloze.txt", "n.lock", "other.lock");
    }

    @Test
    void twoImportsAtOnceDoTheWorkOnce() {
        AtomicInteger imports = new AtomicInteger();

        List<Bundle> bundles = IntStream.range(0, 8)
                .parallel()
                .mapToObj(i -> findOrImport(new BundleStore(root), target -> {
                    imports.incrementAndGet();
                    write(target);
                }))
                .toList();

        assertThat(imports).hasValue(1);
        assertThat(bundles).containsOnly(bundles.get(0));
    }

    @Test
    void ofManyImportsOfDifferentModelsUnderOneNameOneWinsAndTheOthersAreTold() throws IOException {
        Queue<String> refused = new ConcurrentLinkedQueue<>();

        IntStream.range(0, 8).parallel().forEach(i -> {
            try {
                new BundleStore(root).importNew("m", target -> Manifests.write(target, "weights " + i));
            } catch (ClozeException e) {
                refused.add(e.getMessage());
            }
        });

        assertThat(refused)
                .hasSize(7)
                .containsOnly("Cannot import model m: there is a model m in " + root
                        + "; choose another --name, or remove that one with `cloze model remove m`");
        Bundle.open(root.resolve("m")).verify();
    }

    @Test
    void aDirectoryWithoutAManifestIsNeverReplaced() throws IOException {
        Path precious =
                Files.writeString(Files.createDirectory(root.resolve("m")).resolve("precious.txt"), "mine");

        for (Consumer<Consumer<Path>> way : ways()) {
            assertThatThrownBy(() -> way.accept(NEVER))
                    .hasMessage("Cannot keep model m in " + root + ": " + root.resolve("m")
                            + " is there and was not made by Cloze alone: it has no readable cloze.json; choose another"
                            + " name with --name or another place with --cache or CLOZE_CACHE, or move it away");
        }

        assertThat(precious).hasContent("mine");
    }

    @Test
    void aDirectoryThatAppearsDuringTheImportIsNotReplacedEither() throws IOException {
        Path precious = root.resolve("m/precious.txt");

        for (Consumer<Consumer<Path>> way : ways()) {
            assertThatThrownBy(() -> way.accept(target -> {
                        write(target);
                        writeQuietly(precious);
                    }))
                    .hasMessageContaining("is there and was not made by Cloze alone");
            assertThat(precious).hasContent("mine");
            Directories.delete(root.resolve("m"));
        }
    }

    @Test
    void anotherProgramsManifestDoesNotMakeADirectoryOurs() throws IOException {
        for (String text : List.of("", "{", "[]", "{\"name\": \"x\"}", "{\"format\": 2, \"files\": {}}")) {
            Path foreign = Files.createDirectories(root.resolve("m"));
            Files.writeString(foreign.resolve("cloze.json"), text);

            assertThatThrownBy(() -> findOrImport(new BundleStore(root), NEVER))
                    .hasMessageContaining("it has no readable cloze.json");
            assertThatThrownBy(() -> new BundleStore(root).remove("m"))
                    .hasMessageContaining("it has no readable cloze.json; look into it, and remove it yourself");
            assertThat(foreign.resolve("cloze.json")).hasContent(text);
        }
    }

    @Test
    void aBundleInWhichSomebodyKeepsOtherThingsIsNotRemoved() throws IOException {
        Bundle bundle = findOrImport(new BundleStore(root), BundleStoreTest::write);
        Files.delete(bundle.file(Bundle.MODEL));
        for (Path notes : List.of(bundle.file("notes"), bundle.file("model.onnx"))) {
            Files.createDirectory(notes);

            assertThatThrownBy(() -> new BundleStore(root).findOrImport("m", Bundle::isIntact, NEVER))
                    .hasMessageContaining("it holds " + notes.getFileName() + ", which its cloze.json does not name");
            assertThatThrownBy(() -> new BundleStore(root).remove("m")).hasMessageContaining("it holds ");
            Files.delete(notes);
        }
        assertThat(new BundleStore(root).remove("m")).isTrue();
    }

    @Test
    void aDamagedBundleOfOursIsMadeAnewAndOneOfAnotherFormatIsToo() throws IOException {
        BundleStore store = new BundleStore(root);
        Bundle bundle = findOrImport(store, BundleStoreTest::write);
        Files.writeString(bundle.file(Bundle.MODEL), "damaged");

        assertThat(store.findOrImport("m", Bundle::isIntact, BundleStoreTest::write))
                .isEqualTo(bundle);
        bundle.verify();
        Files.writeString(
                bundle.file(Bundle.MANIFEST),
                "{\"format\":1,\"name\":\"m\",\"family\":\"bert\",\"files\":"
                        + "{\"model.onnx\":{},\"scoring.onnx\":{},\"tokenizer.json\":{},\"config.json\":{}}}");

        assertThat(findOrImport(store, BundleStoreTest::write)).isEqualTo(bundle);
        assertThat(visible()).containsExactly("m");
        assertThat(work()).containsExactly("m.lock", "made-by-cloze.txt");
    }

    @Test
    void aLinkIsNeverFollowedToBeReplaced() throws IOException {
        Path elsewhere = Files.createDirectories(root.resolve("elsewhere/bundle"));
        Bundle bundle = Manifests.write(elsewhere, "weights");
        Files.writeString(bundle.file(Bundle.MODEL), "damaged");
        Files.createSymbolicLink(root.resolve("m"), elsewhere);

        assertThatThrownBy(() -> new BundleStore(root).findOrImport("m", Bundle::isIntact, NEVER))
                .hasMessageContaining("it is a symbolic link");
        assertThatThrownBy(() -> new BundleStore(root).importNew("m", NEVER))
                .hasMessageContaining("there is a model m");

        assertThat(new BundleStore(root).remove("m")).isTrue();
        assertThat(root.resolve("m")).doesNotExist();
        assertThat(bundle.file(Bundle.MODEL)).hasContent("damaged");
    }

    @Test
    void aLinkToSomethingElseIsNotRemoved() throws IOException {
        Path precious = Files.createDirectory(root.resolve("precious"));
        Path link = Files.createSymbolicLink(root.resolve("m"), precious);
        Path nowhere = Files.createSymbolicLink(root.resolve("n"), root.resolve("nowhere"));

        assertThatThrownBy(() -> new BundleStore(root).remove("m"))
                .hasMessageContaining("it is a symbolic link to something else than a model");
        assertThatThrownBy(() -> new BundleStore(root).remove("n")).hasMessageContaining("symbolic link");
        assertThatThrownBy(() -> new BundleStore(root).importNew("n", NEVER)).hasMessageContaining("symbolic link");

        assertThat(link).isSymbolicLink();
        assertThat(nowhere).isSymbolicLink();
    }

    @Test
    void theWorkDirectoryIsOnlyUsedWhenItIsOurs() throws IOException {
        Path precious = Files.writeString(
                Files.createDirectories(root.resolve(".cloze-cache/m.unfinished"))
                        .resolve("precious.txt"),
                "mine");

        assertThatThrownBy(() -> new BundleStore(root).importNew("m", NEVER))
                .hasMessage("Cannot write the model cache " + root + ": " + root.resolve(".cloze-cache")
                        + " is there and was not made by Cloze; move it away, or choose another place with --cache or"
                        + " CLOZE_CACHE");
        assertThat(precious).hasContent("mine");

        Path moved = Files.move(root.resolve(".cloze-cache"), root.resolve("moved"));
        Files.createSymbolicLink(root.resolve(".cloze-cache"), moved);
        assertThatThrownBy(() -> new BundleStore(root).importNew("m", NEVER)).hasMessageContaining("not made by Cloze");
        assertThat(moved.resolve("m.unfinished/precious.txt")).hasContent("mine");
    }

    @Test
    void leftOversThatAreLinksAreRemovedWithoutWhatTheyLeadTo() throws IOException {
        findOrImport(new BundleStore(root), BundleStoreTest::write);
        Path precious = Files.writeString(
                Files.createDirectory(root.resolve("precious")).resolve("a.txt"), "mine");
        Files.createSymbolicLink(root.resolve(".cloze-cache/n.unfinished"), precious.getParent());
        Files.createSymbolicLink(
                Files.createDirectory(root.resolve(".cloze-cache/o.unfinished")).resolve("link"), precious.getParent());
        Files.createSymbolicLink(root.resolve(".cloze-cache/p.lock"), precious);

        new BundleStore(root).importNew("n", BundleStoreTest::write);
        assertThatThrownBy(() -> new BundleStore(root).importNew("p", NEVER)).isInstanceOf(ClozeException.class);

        assertThat(precious).hasContent("mine");
        assertThat(work()).contains("n.lock").doesNotContain("n.unfinished", "o.unfinished");
    }

    @Test
    void aCacheThatIsALinkWorks() throws IOException {
        Path target = Files.createDirectory(root.resolve("target"));
        Path link = Files.createSymbolicLink(root.resolve("link"), target);

        findOrImport(new BundleStore(link), BundleStoreTest::write);

        assertThat(target.resolve("m/cloze.json")).exists();
    }

    @Test
    void aBundleIsRemovedAndNothingElse() throws IOException {
        BundleStore store = new BundleStore(root);
        findOrImport(store, BundleStoreTest::write);
        store.importNew("other", BundleStoreTest::write);

        assertThat(store.remove("m")).isTrue();
        assertThat(store.remove("m")).isFalse();

        assertThat(visible()).containsExactly("other");
        assertThat(work()).containsExactly("m.lock", "made-by-cloze.txt", "other.lock");
    }

    @Test
    void aNameIsNeverAPath() {
        for (String name :
                List.of("..", ".", "", "a/b", "../a", "/a", "a\\b", ".hidden", "a".repeat(129), "a\n", "é")) {
            assertThatThrownBy(() -> new BundleStore(root).importNew(name, NEVER))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> new BundleStore(root).remove(name)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void modelsThatAreDamagedAreListedAndForeignDirectoriesAreNot() throws IOException {
        BundleStore store = new BundleStore(root);
        Bundle sound = findOrImport(store, BundleStoreTest::write);
        Files.writeString(store.importNew("short", BundleStoreTest::write).file(Bundle.MODEL), "x");
        Files.writeString(store.importNew("torn", BundleStoreTest::write).file(Bundle.MANIFEST), "{");
        Files.createDirectory(root.resolve("foreign"));
        Files.createFile(root.resolve("file"));

        List<StoredModel> models = store.models();

        assertThat(models).extracting(StoredModel::name).containsExactly("m", "short", "torn");
        assertThat(models.get(0).bundle()).contains(sound);
        assertThat(models.get(0).problem()).isEmpty();
        assertThat(models.get(1).problem()).contains("model.onnx has 1 bytes, not 7");
        assertThat(models.get(2).problem().orElseThrow())
                .startsWith("its cloze.json is not one of Cloze or is damaged");
    }

    @Test
    void aStoreOfOurOwnRecoversFromWhateverIsThere() throws IOException {
        BundleStore store = new BundleStore(root, BundleStore.Sharing.WITH_NOBODY);
        Bundle bundle = findOrImport(store, BundleStoreTest::write);
        // What a cleaner of temporary files may leave.
        Files.delete(bundle.file(Bundle.MANIFEST));
        Files.delete(root.resolve(".cloze-cache/made-by-cloze.txt"));

        assertThat(findOrImport(store, BundleStoreTest::write)).isEqualTo(bundle);
    }

    @Test
    void aDamagedFileIsNamedWithBothDigests() throws IOException {
        Bundle bundle = findOrImport(new BundleStore(root), BundleStoreTest::write);
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
    void aFileThatWasChangedAndGivenItsOldTimeIsReadAgain() throws IOException {
        Bundle bundle = findOrImport(new BundleStore(root), BundleStoreTest::write);
        bundle.verify();
        FileTime time = Files.getLastModifiedTime(bundle.file("model.onnx"));
        Files.writeString(bundle.file("model.onnx"), "weighty");
        Files.setLastModifiedTime(bundle.file("model.onnx"), time);

        assertThatThrownBy(bundle::verify).hasMessageContaining("model.onnx has sha256 0775d5");
    }

    @Test
    void aFileWithoutEndIsNotRead() throws IOException {
        Bundle bundle = findOrImport(new BundleStore(root), BundleStoreTest::write);
        Files.delete(bundle.file("model.onnx"));
        Files.createSymbolicLink(bundle.file("model.onnx"), Path.of("/dev/zero"));

        assertThatThrownBy(bundle::verify).hasMessageContaining(": model.onnx is not a file; ");
    }

    @Test
    void aFileThatIsMissingIsNamed() throws IOException {
        Bundle bundle = findOrImport(new BundleStore(root), BundleStoreTest::write);
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

    /** Every way to write the model {@code m}, each of which gets what makes the bundle. */
    private List<Consumer<Consumer<Path>>> ways() {
        BundleStore store = new BundleStore(root);
        return List.of(write -> findOrImport(store, write), write -> store.importNew("m", write));
    }

    private static Bundle findOrImport(BundleStore store, Consumer<Path> write) {
        return store.findOrImport("m", bundle -> true, write);
    }

    private static void write(Path target) {
        Manifests.write(target, "weights");
    }

    private static void writeQuietly(Path precious) {
        try {
            Files.createDirectory(precious.getParent());
            Files.writeString(precious, "mine");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private List<String> visible() throws IOException {
        return names(root).stream().filter(name -> !name.startsWith(".")).toList();
    }

    private List<String> work() throws IOException {
        return names(root.resolve(".cloze-cache"));
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }
}
