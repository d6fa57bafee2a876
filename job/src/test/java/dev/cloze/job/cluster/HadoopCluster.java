package dev.cloze.job.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloze.job.testing.Runner;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.apache.hadoop.yarn.server.MiniYARNCluster;
import org.apache.spark.sql.Row;

/** HDFS, and on it YARN with one node, in this JVM and on loopback. What YARN starts are processes of their own. */
final class HadoopCluster implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 60_000;
    /** What a client of the cluster must know, and nothing of the rest, which speaks of tests. */
    private static final List<String> FOR_CLIENTS = List.of(
            FileSystem.FS_DEFAULT_NAME_KEY, YarnConfiguration.RM_ADDRESS, YarnConfiguration.RM_SCHEDULER_ADDRESS);

    private final Path directory;
    private final Configuration configuration = new YarnConfiguration();
    private MiniDFSCluster hdfs;
    private MiniYARNCluster yarn;

    private HadoopCluster(Path directory) {
        this.directory = directory;
    }

    /** @param directory for all that its nodes keep */
    static HadoopCluster ofHdfs(Path directory) throws IOException {
        HadoopCluster cluster = new HadoopCluster(directory);
        try {
            cluster.configuration.set(
                    MiniDFSCluster.HDFS_MINIDFS_BASEDIR,
                    directory.resolve("hdfs").toString());
            cluster.hdfs = new MiniDFSCluster.Builder(cluster.configuration)
                    .numDataNodes(1)
                    .build();
            cluster.hdfs.waitActive();
            return cluster;
        } catch (IOException | RuntimeException | Error e) {
            cluster.close();
            throw e;
        }
    }

    /** @param directory for all that its nodes keep, and for {@link #clientConfiguration} */
    static HadoopCluster ofHdfsAndYarn(Path directory) throws Exception {
        HadoopCluster cluster = ofHdfs(directory);
        try {
            cluster.startYarn();
            return cluster;
        } catch (Exception | Error e) {
            cluster.close();
            throw e;
        }
    }

    private void startYarn() throws Exception {
        System.setProperty("test.build.data", directory.toString());
        YarnConfiguration yarnOnly = new YarnConfiguration(configuration);
        yarnOnly.set(FileSystem.FS_DEFAULT_NAME_KEY, hdfs.getURI().toString());
        yarnOnly.set("yarn.scheduler.capacity.root.queues", "default");
        yarnOnly.set("yarn.scheduler.capacity.root.default.capacity", "100");
        yarnOnly.set("yarn.scheduler.capacity.maximum-am-resource-percent", "1");
        yarnOnly.setInt(YarnConfiguration.RM_SCHEDULER_MINIMUM_ALLOCATION_MB, 128);
        // The node waits so long for applications that have ended.
        yarnOnly.setInt(YarnConfiguration.NM_PROCESS_KILL_WAIT_MS, 0);
        // The disk may be nearly full.
        yarnOnly.setFloat(YarnConfiguration.NM_MAX_PER_DISK_UTILIZATION_PERCENTAGE, 100);
        yarn = new MiniYARNCluster("yarn", 1, 1, 1);
        yarn.init(yarnOnly);
        yarn.start();
        assertThat(yarn.waitForNodeManagersToConnect(PATIENCE_MILLIS)).isTrue();
        Configuration clients = new Configuration(false);
        FOR_CLIENTS.forEach(key -> clients.set(key, yarn.getConfig().get(key)));
        Files.createDirectories(clientConfiguration());
        for (String file : List.of("core-site.xml", "yarn-site.xml")) {
            try (OutputStream out = Files.newOutputStream(clientConfiguration().resolve(file))) {
                clients.writeXml(out);
            }
        }
    }

    /** What {@code HADOOP_CONF_DIR} is to name. */
    Path clientConfiguration() {
        return directory.resolve("conf");
    }

    FileSystem files() throws IOException {
        return hdfs.getFileSystem();
    }

    /** {@code path} on its HDFS. */
    String url(String path) {
        return hdfs.getURI() + path;
    }

    /** Copies a file or a directory of this machine to {@code path}, whose parent is made. */
    String put(Path source, String path) throws IOException {
        org.apache.hadoop.fs.Path target = new org.apache.hadoop.fs.Path(url(path));
        files().mkdirs(target.getParent());
        files().copyFromLocalFile(new org.apache.hadoop.fs.Path(source.toUri()), target);
        return target.toString();
    }

    /** When the chunks in {@code output} became durable. */
    Map<String, Long> chunks(String output) throws IOException {
        Map<String, Long> chunks = new HashMap<>();
        for (FileStatus file : list(output)) {
            if (file.getPath().getName().startsWith("chunk-")) {
                chunks.put(file.getPath().getName(), file.getModificationTime());
            }
        }
        return chunks;
    }

    /** Names of all that is in {@code directory}, chunks left out. */
    List<String> besideChunks(String directory) throws IOException {
        return Arrays.stream(list(directory))
                .map(file -> file.getPath().getName())
                .filter(name -> !name.startsWith("chunk-"))
                .sorted()
                .toList();
    }

    private FileStatus[] list(String directory) throws IOException {
        org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(directory);
        return files().exists(path) ? files().listStatus(path) : new FileStatus[0];
    }

    /** In an order of their own. */
    static List<Row> rows(String output) {
        return Runner.spark().read().parquet(output).orderBy("id").collectAsList();
    }

    /** What the containers of an application said, on {@code stdout} or {@code stderr}, by their names. */
    Map<String, String> logs(String application, String stream) throws IOException {
        Map<String, String> logs = new HashMap<>();
        Path place = Path.of(yarn.getNodeManager(0).getConfig().get(YarnConfiguration.NM_LOG_DIRS));
        try (Stream<Path> files = Files.walk(place)) {
            for (Path file : files.filter(
                            file -> file.endsWith(stream) && file.toString().contains("container_" + application))
                    .toList()) {
                logs.put(file.getParent().getFileName().toString(), Files.readString(file));
            }
        }
        return logs;
    }

    @Override
    public void close() {
        if (yarn != null) {
            yarn.stop();
        }
        if (hdfs != null) {
            hdfs.shutdown();
        }
    }
}
