package dev.cloze.delivery;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.spark.SparkConf;

/** A Maven repository on a port of this machine, which remembers what it was asked for. */
public final class JarServer implements AutoCloseable {
    private final HttpServer server;
    private final Map<String, byte[]> files = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private volatile Duration delay = Duration.ZERO;

    /** An empty repository. */
    public JarServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        asked.add(path);
        byte[] file = files.get(path);
        if (file == null) {
            exchange.sendResponseHeaders(404, -1);
        } else if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", Integer.toString(file.length));
            exchange.sendResponseHeaders(200, -1);
        } else {
            if (path.endsWith(".jar")) {
                await(delay);
            }
            exchange.sendResponseHeaders(200, file.length);
            exchange.getResponseBody().write(file);
        }
        exchange.close();
    }

    private static void await(Duration delay) {
        try {
            Thread.sleep(delay.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Lets whoever wants a jar wait. */
    public void answerJarsAfter(Duration time) {
        delay = time;
    }

    /** Offers a file. */
    public JarServer with(String path, byte[] content) {
        files.put(path, content);
        return this;
    }

    /** Offers a jar, whose pom has a dependency that is not there. */
    public JarServer with(String group, String artifact, String version, byte[] jar) {
        String name = "/" + group.replace('.', '/') + "/" + artifact + "/" + version + "/" + artifact + "-" + version;
        String pom = """
                <project>
                    <modelVersion>4.0.0</modelVersion>
                    <groupId>%s</groupId>
                    <artifactId>%s</artifactId>
                    <version>%s</version>
                    <dependencies>
                        <dependency>
                            <groupId>org.example</groupId>
                            <artifactId>dependency</artifactId>
                            <version>1</version>
                        </dependency>
                    </dependencies>
                </project>
                """.formatted(group, artifact, version);
        return with(name + ".pom", pom.getBytes(StandardCharsets.UTF_8)).with(name + ".jar", jar);
    }

    /** Paths, in the order of the requests. */
    public List<String> asked() {
        return asked;
    }

    /** As host:port. */
    public String address() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    /** The address of its root. */
    public String url() {
        return "http://" + address() + "/";
    }

    /** Settings of Spark with which nothing but this repository is asked. */
    public SparkConf conf(Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("ivysettings.xml"), """
                <ivysettings>
                    <settings defaultResolver="here"/>
                    <resolvers><ibiblio name="here" m2compatible="true" root="%s"/></resolvers>
                </ivysettings>
                """.formatted(url()));
        return new SparkConf(false).set("spark.jars.ivySettings", file.toString());
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
