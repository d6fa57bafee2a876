package dev.cloze.importing.source;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** What people have in place of a model's file when a download went wrong. */
public final class OtherContent {
    private static final int LOOKED_AT = 512;
    private static final String LFS = "version https://git-lfs.github.com/spec/";

    private OtherContent() {}

    /** Fails when {@code file} is something else, whatever it should hold. */
    public static void refuse(Path file, String name, Subject subject) {
        refuseInPlaceOfWeights(file, name, subject);
        String start = start(file, subject);
        if (start.startsWith("PK\u0003\u0004") || start.startsWith("\u001f\u008b")) {
            throw subject.refuse("its " + name + " is an archive (zip or gzip)", "unpack it");
        }
    }

    /** The same where the file of a checkpoint is expected, which may be a zip. */
    public static void refuseInPlaceOfWeights(Path file, String name, Subject subject) {
        String start = start(file, subject);
        String text = start.replace("\u00ef\u00bb\u00bf", "").stripLeading().toLowerCase(Locale.ROOT);
        if (start.isEmpty()) {
            throw subject.refuse("its " + name + " is empty", "download or export the model again");
        }
        if (start.startsWith(LFS)) {
            throw subject.refuse(
                    "its " + name + " is a Git LFS pointer, which stands for the file",
                    "fetch the file itself with `git lfs pull`");
        }
        if (text.startsWith("<!doctype html") || text.startsWith("<html")) {
            throw subject.refuse(
                    "its " + name + " is an HTML page",
                    "download the file itself: on a model hub, its address has /resolve/");
        }
    }

    /** Fails when {@code file} is a text where ONNX is expected. */
    public static void refuseText(Path file, String name, Subject subject) {
        String start = start(file, subject);
        boolean text = start.chars().allMatch(c -> c >= ' ' && c <= '~' || Character.isWhitespace(c));
        if (text) {
            throw subject.refuse("its " + name + " is a text, not an ONNX file", "download or export the model again");
        }
    }

    private static String start(Path file, Subject subject) {
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(LOOKED_AT), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw subject.refuse(
                    Subject.shown(file.getFileName().toString()) + " cannot be read: " + e, "make it readable", e);
        }
    }
}
