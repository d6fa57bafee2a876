package dev.cloze.delivery;

import dev.cloze.bundle.Bundle;
import dev.cloze.bundle.Manifest;
import dev.cloze.bundle.ManifestFile;
import dev.cloze.bundle.Sha256;
import dev.cloze.failure.Causes;
import dev.cloze.failure.ClozeException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.deploy.SparkHadoopUtil;

/**
 * A bundle on a file system that Hadoop knows.
 *
 * @param url of its directory
 */
record RemoteBundle(String url) {
    private static final long MEGABYTE = 1 << 20;
    private static final int BLOCK = 1 << 16;

    /** The bundle's identity. */
    String digest() {
        return Sha256.of(manifest());
    }

    /**
     * Copies all files into an empty directory, and checks them on the way. The manifest decides how the files are called and how
     * long they are, so nothing is written before it is known to be the one with {@code digest}, and sound.
     */
    void copyTo(java.nio.file.Path target, String digest) {
        byte[] bytes = manifest();
        requireSame(digest, Sha256.of(bytes));
        Manifest manifest = ManifestFile.parse(bytes, url);
        try {
            requireRoom(manifest, target);
            Files.write(target.resolve(Bundle.MANIFEST), bytes, StandardOpenOption.CREATE_NEW);
            for (Map.Entry<String, Manifest.FileEntry> file : manifest.files().entrySet()) {
                copy(file.getKey(), file.getValue(), target);
            }
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private byte[] manifest() {
        try (InputStream in = open(Bundle.MANIFEST)) {
            return ManifestFile.bytes(in, url);
        } catch (ClozeException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw unreadable(e);
        }
    }

    private void requireSame(String expected, String found) {
        if (!found.equals(expected)) {
            throw ClozeException.model(
                    "open model " + url,
                    "another model is there now (" + found + ", the job wants " + expected + ")",
                    "leave a model alone while jobs use it, and run again");
        }
    }

    private void requireRoom(Manifest manifest, java.nio.file.Path target) throws IOException {
        long needed = manifest.bytes();
        long free = Files.getFileStore(target).getUsableSpace();
        if (free < needed) {
            throw ClozeException.resources(
                    "copy model " + url + " to " + target.getParent(),
                    "it has " + needed / MEGABYTE + " MB, " + free / MEGABYTE + " MB are left there",
                    "make room, or choose another place with CLOZE_CACHE (spark.executorEnv.CLOZE_CACHE)",
                    null);
        }
    }

    private void copy(String name, Manifest.FileEntry expected, java.nio.file.Path target) throws IOException {
        MessageDigest digest = Sha256.digest();
        long copied = 0;
        try (InputStream in = open(name);
                OutputStream out = Files.newOutputStream(
                        target.resolve(name), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            byte[] block = new byte[BLOCK];
            for (int read = in.read(block); read >= 0; read = in.read(block)) {
                copied += read;
                requireNoMore(name, copied, expected);
                digest.update(block, 0, read);
                out.write(block, 0, read);
            }
        }
        expected.requireEqual(new Manifest.FileEntry(copied, Sha256.hex(digest)), url, name);
    }

    private void requireNoMore(String name, long bytes, Manifest.FileEntry expected) {
        if (bytes > expected.bytes()) {
            throw ClozeException.model(
                    "open model " + url,
                    name + " has more bytes than the " + expected.bytes() + " that " + Bundle.MANIFEST + " says",
                    "the file is damaged: copy the bundle there again");
        }
    }

    private InputStream open(String name) throws IOException {
        Path file = new Path(url, name);
        SparkConf conf = Optional.ofNullable(SparkEnv.get()).map(SparkEnv::conf).orElseGet(SparkConf::new);
        FileSystem files = file.getFileSystem(SparkHadoopUtil.get().newConfiguration(conf));
        return files.open(file);
    }

    /** Hadoop says with all sorts of exceptions that it does not know a file system. */
    private ClozeException unreadable(Exception e) {
        return ClozeException.model(
                "open model " + url,
                Causes.firstLine(e),
                "name the directory of a bundle there, and give Spark what it needs to read it",
                e);
    }
}
