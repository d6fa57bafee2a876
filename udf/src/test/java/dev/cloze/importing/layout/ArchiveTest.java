package dev.cloze.importing.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloze.failure.ClozeException;
import dev.cloze.importing.source.Subject;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.ArchiveEntry;
import org.apache.commons.compress.archivers.ArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An archive is unpacked into its directory and nowhere else, whatever it says. */
class ArchiveTest {
    private static final Subject SUBJECT = new Subject("import model a.zip");
    private static final int SYMBOLIC_LINK = 0120777;

    @TempDir
    Path directory;

    private Path archive;
    private Path target;

    private enum Format {
        ZIP,
        TAR,
        TAR_GZ;

        ArchiveOutputStream<?> open(Path file) throws IOException {
            if (this == ZIP) {
                return new ZipArchiveOutputStream(file);
            }
            OutputStream out = Files.newOutputStream(file);
            TarArchiveOutputStream tar = new TarArchiveOutputStream(this == TAR ? out : new GZIPOutputStream(out));
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            return tar;
        }

        ArchiveEntry entry(String name, byte[] content) {
            if (this == ZIP) {
                return new ZipArchiveEntry(name);
            }
            TarArchiveEntry entry = new TarArchiveEntry(name, true);
            entry.setSize(content.length);
            return entry;
        }
    }

    private record Content(String name, byte[] bytes) {
        static Content of(String name, String text) {
            return new Content(name, text.getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void aZipWhoseListOfFilesWouldFillTheMemoryIsRefusedBeforeItIsKept() throws IOException {
        String name = "n".repeat(400);
        try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(archive)) {
            for (int i = 0; i < 20_000; i++) {
                zip.putArchiveEntry(new ZipArchiveEntry(name + i + "/"));
                zip.closeArchiveEntry();
            }
        }

        assertThatThrownBy(() -> Archive.unpack(archive, target, SUBJECT))
                .isInstanceOf(ClozeException.class)
                .hasMessageContaining("its list of files takes more than 8 MB");
    }

    @BeforeEach
    void makeTarget() throws IOException {
        archive = directory.resolve("archive");
        target = Files.createDirectories(directory.resolve("a/b/target"));
    }

    @ParameterizedTest
    @EnumSource(Format.class)
    void aModelAtTheTopOrInDirectoriesOfItsOwnIsFound(Format format) throws IOException {
        write(format, Content.of("./config.json", "{}"), Content.of("onnx/model.onnx", "x"));
        assertThat(Archive.isAt(archive)).isTrue();
        assertThat(unpack()).isEqualTo(target);
        assertThat(target.resolve("onnx/model.onnx")).hasContent("x");

        Path second = target = Files.createDirectory(directory.resolve("second"));
        write(format, Content.of("outer/inner/config.json", "{}"), Content.of("__MACOSX/outer/._config.json", ""));
        assertThat(unpack()).isEqualTo(second.resolve("outer/inner"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../evil",
                "../../evil",
                "/tmp/evil",
                "onnx/../../../evil",
                "..\\evil",
                "C:\\evil",
                "a//evil",
                "a/./evil",
                "..",
                "nul\u0000evil",
                "a/b/c/d/e/f/g/h/i/evil"
            })
    void namesThatLeadElsewhereAreRefused(String name) throws IOException {
        for (Format format : List.of(Format.TAR, Format.ZIP)) {
            write(format, Content.of(name, "evil"));
            List<String> before = listing();

            try {
                unpack();
            } catch (ClozeException e) {
                assertThat(e).hasMessageContaining("leads to another place, or is no name of a file; do not use it");
            }
            assertThat(listing())
                    .filteredOn(path -> !before.contains(path))
                    .allMatch(path -> path.startsWith("a/b/target"));
        }
    }

    @Test
    void aNameThatLeadsElsewhereIsNamed() throws IOException {
        write(Format.ZIP, Content.of("../evil", "evil"));

        assertRefused(
                "Cannot import model a.zip: its entry \"../evil\" leads to another place, or is no name of a file");
    }

    @Test
    void linksAreRefused() throws IOException {
        try (TarArchiveOutputStream tar = (TarArchiveOutputStream) Format.TAR.open(archive)) {
            TarArchiveEntry link = new TarArchiveEntry("config.json", TarConstants.LF_SYMLINK);
            link.setLinkName("/etc/passwd");
            tar.putArchiveEntry(link);
            tar.closeArchiveEntry();
        }
        assertRefused("its entry \"config.json\" is a link");

        try (ZipArchiveOutputStream zip = (ZipArchiveOutputStream) Format.ZIP.open(archive)) {
            ZipArchiveEntry link = new ZipArchiveEntry("model.onnx");
            link.setUnixMode(SYMBOLIC_LINK);
            zip.putArchiveEntry(link);
            zip.write("/etc/passwd".getBytes(StandardCharsets.UTF_8));
            zip.closeArchiveEntry();
        }
        assertRefused("its entry \"model.onnx\" is a link");
    }

    @Test
    void whatIsNoFileIsRefused() throws IOException {
        try (TarArchiveOutputStream tar = (TarArchiveOutputStream) Format.TAR.open(archive)) {
            tar.putArchiveEntry(new TarArchiveEntry("pipe", TarConstants.LF_FIFO));
            tar.closeArchiveEntry();
        }

        assertRefused("its entry \"pipe\" is not a file");
    }

    @ParameterizedTest
    @EnumSource(
            value = Format.class,
            names = {"ZIP", "TAR_GZ"})
    void anArchiveThatUnpacksToFarMoreThanItsSizeIsRefused(Format format) throws IOException {
        byte[] zeros = new byte[100 << 20];
        write(format, new Content("model.onnx", zeros));

        assertRefused("it unpacks to more than 100 times its size");
        assertThat(Files.size(target.resolve("model.onnx"))).isLessThan(100 << 20);
    }

    @Test
    void twoFilesOfOneNameAreRefused() throws IOException {
        write(Format.TAR, Content.of("config.json", "{}"), Content.of("./config.json", "other"));

        assertRefused("it has two files \"./config.json\"");
        assertThat(target.resolve("config.json")).hasContent("{}");
    }

    @ParameterizedTest
    @EnumSource(Format.class)
    void anArchiveThatIsCutOffIsRefused(Format format) throws IOException {
        byte[] noise = new byte[50_000];
        new Random(1).nextBytes(noise);
        write(format, new Content("model.onnx", noise));
        Files.write(archive, Arrays.copyOf(Files.readAllBytes(archive), 30_000));

        assertRefused("the archive is damaged: ");
    }

    @Test
    void otherFilesAreNoArchives() throws IOException {
        assertThat(Archive.isAt(Files.writeString(archive, "PK"))).isFalse();
        assertThat(Archive.isAt(Files.write(archive, new byte[1000]))).isFalse();
        assertThat(Archive.isAt(directory)).isFalse();
    }

    private void write(Format format, Content... files) throws IOException {
        try (ArchiveOutputStream<?> out = format.open(archive)) {
            for (Content file : files) {
                put(out, format.entry(file.name(), file.bytes()), file.bytes());
            }
        }
    }

    @SuppressWarnings("unchecked")
    private static <E extends ArchiveEntry> void put(ArchiveOutputStream<E> out, ArchiveEntry entry, byte[] content)
            throws IOException {
        out.putArchiveEntry((E) entry);
        out.write(content);
        out.closeArchiveEntry();
    }

    private Path unpack() {
        return Archive.unpack(archive, target, SUBJECT);
    }

    private void assertRefused(String message) {
        assertThatThrownBy(this::unpack)
                .isInstanceOfSatisfying(
                        ClozeException.class, e -> assertThat(e.kind()).isEqualTo(ClozeException.Kind.MODEL))
                .hasMessageContaining(message);
    }

    private List<String> listing() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.map(file -> directory.relativize(file).toString()).toList();
        }
    }

    /** As long as the name is read into memory before anybody sees it. */
    @Test
    void aNameThatFillsTheMemoryIsRefused() throws IOException {
        Path endless = directory.resolve("long.tar.gz");
        try (TarArchiveOutputStream tar =
                new TarArchiveOutputStream(new GZIPOutputStream(Files.newOutputStream(endless)))) {
            TarArchiveEntry name = new TarArchiveEntry("././@LongLink", TarConstants.LF_GNUTYPE_LONGNAME);
            name.setSize(70L << 20);
            tar.putArchiveEntry(name);
            for (int i = 0; i < 70; i++) {
                tar.write(new byte[1 << 20]);
            }
            tar.closeArchiveEntry();
        }

        assertThatThrownBy(() -> Archive.unpack(endless, target, SUBJECT))
                .isInstanceOf(ClozeException.class)
                .hasMessageContaining("it has more than 64 MB beside its files");
    }
}
