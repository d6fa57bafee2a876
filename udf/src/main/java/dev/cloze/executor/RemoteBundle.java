package dev.cloze.executor;

import dev.cloze.bundle.Bundle;
import dev.cloze.bundle.Manifest;
import dev.cloze.bundle.Sha256;
import dev.cloze.failure.Causes;
import dev.cloze.failure.ClozeException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
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

    /** The bundle's identity. */
    String digest() {
        try (InputStream in = open(Bundle.MANIFEST)) {
            return Sha256.of(in.readAllBytes());
        } catch (IOException | RuntimeException e) {
            throw unreadable(e);
        }
    }

    /** Copies all files into an empty directory, and checks them there. */
    void copyTo(java.nio.file.Path target) {
        try {
            copy(Bundle.MANIFEST, target);
            Bundle bundle = Bundle.open(target);
            requireRoom(bundle);
            for (String name : bundle.manifest().files().keySet()) {
                copy(name, target);
            }
            bundle.verify();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private void requireRoom(Bundle bundle) throws IOException {
        long needed = bundle.manifest().files().values().stream()
                .mapToLong(Manifest.FileEntry::bytes)
                .sum();
        long free = Files.getFileStore(bundle.directory()).getUsableSpace();
        if (free < needed) {
            throw ClozeException.resources(
                    "copy model " + url + " to " + bundle.directory().getParent(),
                    "it has " + needed / MEGABYTE + " MB, " + free / MEGABYTE + " MB are left there",
                    "make room, or choose another place with CLOZE_CACHE (spark.executorEnv.CLOZE_CACHE)",
                    null);
        }
    }

    private void copy(String name, java.nio.file.Path target) throws IOException {
        try (InputStream in = open(name)) {
            Files.copy(in, target.resolve(name));
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
