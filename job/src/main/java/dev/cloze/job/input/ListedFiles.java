package dev.cloze.job.input;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.not;

import dev.cloze.failure.ClozeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.execution.datasources.HadoopFsRelation;
import org.apache.spark.sql.execution.datasources.LogicalRelation;
import org.apache.spark.sql.execution.datasources.PartitionPath;
import org.apache.spark.sql.execution.datasources.PartitioningAwareFileIndex;
import scala.jdk.javaapi.CollectionConverters;

/** The files that Spark found in the directories of a corpus. */
record ListedFiles(List<FileStatus> files) {

    static ListedFiles of(Dataset<Row> data) {
        return new ListedFiles(
                CollectionConverters.asJava(data.queryExecution().analyzed().collectLeaves()).stream()
                        .flatMap(leaf -> leaf instanceof LogicalRelation relation
                                        && relation.relation() instanceof HadoopFsRelation source
                                        && source.location() instanceof PartitioningAwareFileIndex index
                                ? read(index)
                                : Stream.of())
                        .sorted(Comparator.comparing(FileStatus::getPath))
                        .toList());
    }

    /** Where there are partitions, Spark reads what lies in these, and nothing beside them. */
    private static Stream<FileStatus> read(PartitioningAwareFileIndex index) {
        Stream<FileStatus> all = CollectionConverters.asJava(index.allFiles()).stream();
        if (index.partitionSpec().partitionColumns().isEmpty()) {
            return all;
        }
        Set<Path> partitions = CollectionConverters.asJava(index.partitionSpec().partitions()).stream()
                .map(PartitionPath::path)
                .collect(Collectors.toSet());
        return all.filter(file -> partitions.contains(file.getPath().getParent()));
    }

    /** Fails when there is none, or one that is no file. */
    void requireFiles(String inputs) throws IOException {
        if (files.isEmpty()) {
            throw ClozeException.user("read corpus " + inputs, "there is no file in it", "check the path");
        }
        for (FileStatus file : files) {
            if (isLocal(file.getPath())) {
                SpecialFiles.refuse(Roots.local(file.getPath()));
            }
        }
    }

    /**
     * Fails when {@code roots} have a file that is not here: Spark passes over directories in a directory unless they are partitions, and
     * over names that begin with a dot or an underscore.
     */
    void requireAll(Roots roots, Configuration hadoop) throws IOException {
        Set<Path> read = files.stream().map(FileStatus::getPath).collect(Collectors.toSet());
        List<Path> others =
                roots.paths().stream().filter(root -> !read.contains(root)).toList();
        for (Path root : others) {
            FileSystem system = root.getFileSystem(hadoop);
            if (system.getFileStatus(root).isDirectory()) {
                requireBelow(root, root, system, read);
            } else {
                throw ClozeException.user(
                        "read corpus " + root.toUri().getPath(),
                        "its name begins with " + root.getName().charAt(0) + ", as names of hidden files do",
                        "rename the file, or give it another name with a link");
            }
        }
    }

    /** Fails when a file in {@code directory} is not in {@code read}; nobody expects a hidden one there. */
    private static void requireBelow(Path root, Path directory, FileSystem system, Set<Path> read) throws IOException {
        FileStatus[] visible = system.listStatus(directory, path -> !FileFormat.isHidden(path.getName()));
        Arrays.sort(visible);
        for (FileStatus each : visible) {
            if (each.isDirectory()) {
                requireBelow(root, each.getPath(), system, read);
            } else if (!read.contains(each.getPath())) {
                throw ClozeException.user(
                        "read corpus " + root.toUri().getPath(),
                        each.getPath().toUri().getPath() + " does not lie beside the other files and would be left out",
                        "name the directories of the files that you want, or read all of them with --read-option"
                                + " recursiveFileLookup=true");
            }
        }
    }

    /** Fails when one is of a table that is more than its files. */
    void requireNoTable(Configuration hadoop) {
        TableDirectories tables = new TableDirectories(hadoop);
        for (FileStatus file : files) {
            tables.refuse(file.getPath().getParent());
            tables.refuse(Roots.real(file.getPath()).getParent());
        }
    }

    /** Other names of files that have a name before them: links. */
    List<Path> repeated() throws IOException {
        Set<Object> keys = new HashSet<>();
        List<Path> repeated = new ArrayList<>();
        for (FileStatus file : files) {
            if (isLocal(file.getPath()) && !keys.add(key(file.getPath()))) {
                repeated.add(file.getPath());
            }
        }
        return repeated;
    }

    private static Object key(Path path) throws IOException {
        Object key = Files.readAttributes(Roots.local(path), BasicFileAttributes.class)
                .fileKey();
        return key == null ? Roots.real(path) : key;
    }

    /** {@code data} without the rows of {@code files}. */
    static Dataset<Row> without(Dataset<Row> data, List<Path> files) {
        // As Spark spells them in this column.
        Object[] names = files.stream()
                .map(path -> new Path(path.toString()).toUri().toString())
                .toArray();
        return names.length == 0
                ? data
                : data.filter(not(col("_metadata.file_path").isin(names)));
    }

    private static boolean isLocal(Path path) {
        return "file".equals(path.toUri().getScheme());
    }
}
