package dev.cloze.hub;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/**
 * Two ports of this machine that behave as huggingface.co does: the hub itself, and the store at another address to which it sends
 * whoever wants a large file. It records every request, and fails when a test wants it to.
 */
public final class FakeHub implements AutoCloseable {
    /** Files of so many bytes are kept in the store. */
    static final int LARGE = 20_000;

    private static final int PAGE = 3;
    private static final Duration DRIP = Duration.ofMillis(20);
    private static final Duration FOR_EVER = Duration.ofMinutes(2);
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What was asked for. */
    public record Asked(String place, String path, Optional<String> authorization, Optional<String> range) {}

    /** Answers in place of the server. */
    @FunctionalInterface
    interface Misbehaviour {
        /** Whether it has answered. */
        boolean answer(HttpExchange exchange, byte[] content) throws IOException;
    }

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer hub = start(this::answer);
    private final HttpServer store = start(this::serve);
    private final Map<String, Map<String, Map<String, byte[]>>> repositories = new ConcurrentHashMap<>();
    private final Map<String, String> revisions = new ConcurrentHashMap<>();
    private final Map<String, String> renamed = new ConcurrentHashMap<>();
    private final FakeUploads uploads = new FakeUploads(this);
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final Deque<Misbehaviour> ofTheStore = new ArrayDeque<>();
    private final Deque<Misbehaviour> ofTheHub = new ArrayDeque<>();
    private volatile Optional<String> token = Optional.empty();
    private volatile String gated = "";

    private interface Handler {
        void handle(HttpExchange exchange) throws IOException;
    }

    private HttpServer start(Handler handler) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setExecutor(threads);
            server.createContext("/", exchange -> {
                try (exchange) {
                    handler.handle(exchange);
                }
            });
            server.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Offers the files of {@code directory} as a commit; the last one is what {@code main} is. */
    public FakeHub with(String repository, String commit, Path directory) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : (Iterable<Path>) paths.filter(Files::isRegularFile)::iterator) {
                files.put(directory.relativize(path).toString(), Files.readAllBytes(path));
            }
        }
        return with(repository, commit, files);
    }

    FakeHub with(String repository, String commit, Map<String, byte[]> files) {
        repositories
                .computeIfAbsent(repository, name -> new ConcurrentHashMap<>())
                .put(commit, files);
        return withRevision(repository, "main", commit);
    }

    FakeHub withRevision(String repository, String revision, String commit) {
        revisions.put(repository + "@" + revision, commit);
        return this;
    }

    /** Wants large files in parts of so many bytes. */
    FakeHub withParts(int bytes) {
        uploads.inPartsOf(bytes);
        return this;
    }

    /** Sends whoever asks for {@code old} to {@code repository}. */
    FakeHub withRenamed(String old, String repository) {
        renamed.put(old, repository);
        return this;
    }

    /** Answers only those who send this token. */
    FakeHub onlyFor(String secret) {
        token = Optional.of(secret);
        return this;
    }

    /** Answers nobody who asks for files of {@code repository}. */
    FakeHub gate(String repository) {
        gated = repository;
        return this;
    }

    /** Misbehaves at the next requests for content of a large file. */
    FakeHub storeOnce(Misbehaviour... misbehaviours) {
        ofTheStore.addAll(Arrays.asList(misbehaviours));
        return this;
    }

    /** Misbehaves at the next requests. */
    FakeHub once(Misbehaviour... misbehaviours) {
        ofTheHub.addAll(Arrays.asList(misbehaviours));
        return this;
    }

    static Misbehaviour status(int status, String... headers) {
        return (exchange, content) -> {
            for (int i = 0; i < headers.length; i += 2) {
                exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
            }
            exchange.sendResponseHeaders(status, -1);
            return true;
        };
    }

    /** Says how long the content is, sends so much of it, and closes the connection. */
    static Misbehaviour cutOffAfter(int bytes) {
        return (exchange, content) -> {
            sendPart(exchange, content, bytes);
            throw new IOException("cut off");
        };
    }

    /** Sends so much of the content, and then nothing until the client goes. */
    static Misbehaviour stallAfter(int bytes) {
        return (exchange, content) -> {
            sendPart(exchange, content, bytes);
            await(FOR_EVER);
            return true;
        };
    }

    /** Sends so much of the content, and then the rest byte by byte. */
    static Misbehaviour dripAfter(int bytes) {
        return (exchange, content) -> {
            OutputStream body = sendPart(exchange, content, bytes);
            for (int i = bytes; i < content.length && await(DRIP); i++) {
                body.write(content, i, 1);
                body.flush();
            }
            return true;
        };
    }

    /** Whether the server runs after that time. */
    private static boolean await(Duration time) {
        try {
            Thread.sleep(time.toMillis());
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static OutputStream sendPart(HttpExchange exchange, byte[] content, int bytes) throws IOException {
        exchange.sendResponseHeaders(200, content.length);
        OutputStream body = exchange.getResponseBody();
        body.write(content, 0, bytes);
        body.flush();
        return body;
    }

    /** Sends other content of the same length. */
    static Misbehaviour otherContent() {
        return (exchange, content) -> {
            byte[] other = content.clone();
            other[other.length / 2] ^= 1;
            send(exchange, 200, other);
            return true;
        };
    }

    /** Sends all of the content, whatever part was asked for. */
    static Misbehaviour ignoringTheRange() {
        return (exchange, content) -> {
            send(exchange, 200, content);
            return true;
        };
    }

    private void answer(HttpExchange exchange) throws IOException {
        remember("hub", exchange);
        String path = exchange.getRequestURI().getPath();
        Misbehaviour misbehaviour = ofTheHub.poll();
        if (misbehaviour != null && misbehaviour.answer(exchange, new byte[0])) {
            return;
        }
        for (Map.Entry<String, String> name : renamed.entrySet()) {
            if (path.contains("/" + name.getKey() + "/")) {
                redirect(exchange, 307, path.replace(name.getKey(), name.getValue()) + query(exchange));
                return;
            }
        }
        if (token.isPresent() && !authorization(exchange).equals(token.map(secret -> "Bearer " + secret))) {
            refuse(exchange);
            return;
        }
        if (exchange.getRequestMethod().equals("POST")) {
            uploads.take(exchange, path);
        } else if (path.startsWith("/api/models/")) {
            tell(exchange, path.substring("/api/models/".length()));
        } else if (path.startsWith("/small/")) {
            serve(exchange);
        } else {
            resolve(exchange, path.substring(1));
        }
    }

    private void refuse(HttpExchange exchange) throws IOException {
        boolean wrong = authorization(exchange).isPresent();
        exchange.getResponseHeaders()
                .set("X-Error-Message", wrong ? "Invalid credentials in Authorization header" : "Not for you");
        exchange.sendResponseHeaders(401, -1);
    }

    /** {@code organisation/name/revision/REVISION} or {@code organisation/name/tree/COMMIT}. */
    private void tell(HttpExchange exchange, String rest) throws IOException {
        String[] parts = rest.split("/", 4);
        String repository = parts[0] + "/" + parts[1];
        if (!repositories.containsKey(repository)) {
            error(exchange, 404, "RepoNotFound");
            return;
        }
        Optional<String> commit = commit(repository, parts[3]);
        if (commit.isEmpty()) {
            error(exchange, 404, "RevisionNotFound");
        } else if (parts[2].equals("revision")) {
            ObjectNode info = JSON.createObjectNode().put("id", repository).put("sha", commit.get());
            send(exchange, 200, JSON.writeValueAsBytes(info));
        } else {
            list(exchange, repositories.get(repository).get(commit.get()));
        }
    }

    /** Files of a repository at a revision; empty when there is none. */
    Map<String, byte[]> files(String repository, String revision) {
        return repositories.containsKey(repository)
                ? commit(repository, revision)
                        .map(commit -> repositories.get(repository).get(commit))
                        .orElse(Map.of())
                : Map.of();
    }

    boolean has(String repository) {
        return repositories.containsKey(repository);
    }

    Optional<String> commit(String repository, String revision) {
        return Optional.ofNullable(revisions.get(repository + "@" + revision))
                .or(() -> Optional.of(revision))
                .filter(repositories.get(repository)::containsKey);
    }

    private void list(HttpExchange exchange, Map<String, byte[]> files) throws IOException {
        String query = exchange.getRequestURI().getQuery();
        int from = query.contains("cursor=") ? Integer.parseInt(query.replaceAll(".*cursor=", "")) : 0;
        ArrayNode list = JSON.createArrayNode();
        list.addObject()
                .put("type", "directory")
                .put("path", "onnx")
                .put("oid", "0".repeat(40))
                .put("size", 0);
        files.entrySet().stream()
                .skip(from)
                .limit(PAGE)
                .forEach(file -> list.add(entry(file.getKey(), file.getValue())));
        if (from + PAGE < files.size()) {
            exchange.getResponseHeaders()
                    .set(
                            "Link",
                            "<" + url() + exchange.getRequestURI().getPath() + "?recursive=True&expand=False&cursor="
                                    + (from + PAGE) + ">; rel=\"next\"");
        }
        send(exchange, 200, JSON.writeValueAsBytes(list));
    }

    private static ObjectNode entry(String path, byte[] content) {
        ObjectNode entry = JSON.createObjectNode()
                .put("type", "file")
                .put("path", path)
                .put("size", content.length)
                .put("oid", gitDigest(content));
        if (content.length >= LARGE) {
            entry.putObject("lfs")
                    .put("oid", digest("SHA-256", content))
                    .put("size", content.length)
                    .put("pointerSize", 134);
        }
        return entry;
    }

    /** {@code organisation/name/resolve/COMMIT/PATH}. */
    private void resolve(HttpExchange exchange, String rest) throws IOException {
        String[] parts = rest.split("/", 5);
        String repository = parts[0] + "/" + parts[1];
        if (gated.equals(repository)) {
            error(exchange, 403, "GatedRepo");
            return;
        }
        Optional<String> commit = commit(repository, parts[3]);
        byte[] content = commit.map(sha -> repositories.get(repository).get(sha).get(parts[4]))
                .orElse(null);
        if (content == null) {
            error(exchange, 404, "EntryNotFound");
            return;
        }
        boolean large = content.length >= LARGE;
        exchange.getResponseHeaders().set("X-Repo-Commit", commit.get());
        exchange.getResponseHeaders().set("X-Linked-Size", Integer.toString(content.length));
        exchange.getResponseHeaders()
                .set("X-Linked-Etag", "\"" + (large ? digest("SHA-256", content) : gitDigest(content)) + "\"");
        String place = repository + "/" + commit.get() + "/" + parts[4];
        redirect(
                exchange,
                large ? 302 : 307,
                large ? address(store) + "/" + place + "?Signature=secret" : "/small/" + place);
    }

    private static void redirect(HttpExchange exchange, int status, String location) throws IOException {
        exchange.getResponseHeaders().set("Location", location);
        exchange.sendResponseHeaders(status, -1);
    }

    /** {@code organisation/name/COMMIT/PATH}, in the store or below {@code small/}. */
    private void serve(HttpExchange exchange) throws IOException {
        if (exchange.getRequestMethod().equals("PUT")) {
            remember("store", exchange);
            Misbehaviour misbehaviour = ofTheStore.poll();
            if (misbehaviour == null || !misbehaviour.answer(exchange, new byte[0])) {
                uploads.store(exchange);
            }
            return;
        }
        String path = exchange.getRequestURI().getPath().replaceFirst("^/(small/)?", "");
        String[] parts = path.split("/", 4);
        byte[] content =
                repositories.get(parts[0] + "/" + parts[1]).get(parts[2]).get(parts[3]);
        boolean isStore =
                exchange.getLocalAddress().getPort() == store.getAddress().getPort();
        if (isStore) {
            remember("store", exchange);
            Misbehaviour misbehaviour = ofTheStore.poll();
            if (misbehaviour != null && misbehaviour.answer(exchange, content)) {
                return;
            }
        }
        String range = exchange.getRequestHeaders().getFirst("Range");
        if (range == null) {
            send(exchange, 200, content);
            return;
        }
        int from = Integer.parseInt(range.replaceAll("\\D", ""));
        exchange.getResponseHeaders()
                .set("Content-Range", "bytes " + from + "-" + (content.length - 1) + "/" + content.length);
        send(exchange, 206, Arrays.copyOfRange(content, from, content.length));
    }

    static void error(HttpExchange exchange, int status, String code) throws IOException {
        exchange.getResponseHeaders().set("X-Error-Code", code);
        exchange.sendResponseHeaders(status, -1);
    }

    static void send(HttpExchange exchange, int status, byte[] content) throws IOException {
        exchange.sendResponseHeaders(status, content.length == 0 ? -1 : content.length);
        exchange.getResponseBody().write(content);
    }

    private void remember(String place, HttpExchange exchange) {
        asked.add(new Asked(
                place,
                exchange.getRequestURI().getPath(),
                authorization(exchange),
                Optional.ofNullable(exchange.getRequestHeaders().getFirst("Range"))));
    }

    private static Optional<String> authorization(HttpExchange exchange) {
        return Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"));
    }

    private static String query(HttpExchange exchange) {
        String query = exchange.getRequestURI().getRawQuery();
        return query == null ? "" : "?" + query;
    }

    static String gitDigest(byte[] content) {
        byte[] header = ("blob " + content.length + "\0").getBytes(StandardCharsets.US_ASCII);
        byte[] whole = Arrays.copyOf(header, header.length + content.length);
        System.arraycopy(content, 0, whole, header.length, content.length);
        return digest("SHA-1", whole);
    }

    static String digest(String algorithm, byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** All requests, in their order. */
    public List<Asked> asked() {
        return asked;
    }

    /** For {@code HF_ENDPOINT}. */
    public String url() {
        return address(hub);
    }

    String storeUrl() {
        return address(store);
    }

    private static String address(HttpServer server) {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @Override
    public void close() {
        hub.stop(0);
        store.stop(0);
        threads.shutdownNow();
    }
}
