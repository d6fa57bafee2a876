package dev.cloze.hub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** What a {@link FakeHub} does with what is sent to it, as huggingface_hub's sources describe it. */
final class FakeUploads {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String MODELS = "/api/models/";
    private static final String BATCH = ".git/info/lfs/objects/batch";
    private static final String FIRST = "0".repeat(40);

    private final FakeHub hub;
    private final Map<String, byte[]> stored = new ConcurrentHashMap<>();
    private volatile int part;

    FakeUploads(FakeHub hub) {
        this.hub = hub;
    }

    void inPartsOf(int bytes) {
        part = bytes;
    }

    void take(HttpExchange exchange, String path) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        if (path.equals("/api/repos/create")) {
            create(exchange, JSON.readTree(body));
        } else if (path.endsWith(BATCH)) {
            FakeHub.send(exchange, 200, JSON.writeValueAsBytes(batch(JSON.readTree(body))));
        } else if (path.startsWith("/complete/")) {
            complete(exchange, JSON.readTree(body));
        } else if (path.startsWith("/verify/")) {
            JsonNode object = JSON.readTree(body);
            byte[] content = stored.get(object.path("oid").asText());
            FakeHub.send(exchange, content.length == object.path("size").asInt() ? 200 : 400, new byte[0]);
        } else {
            ofARepository(exchange, path.substring(MODELS.length()).split("/", 4), body);
        }
    }

    private void create(HttpExchange exchange, JsonNode wanted) throws IOException {
        String repository =
                wanted.path("organization").asText() + "/" + wanted.path("name").asText();
        if (hub.has(repository)) {
            FakeHub.send(exchange, 409, new byte[0]);
            return;
        }
        hub.with(
                repository,
                FIRST,
                Map.of(".gitattributes", wanted.path("visibility").asText().getBytes(StandardCharsets.UTF_8)));
        FakeHub.send(exchange, 200, "{}".getBytes(StandardCharsets.UTF_8));
    }

    private void ofARepository(HttpExchange exchange, String[] parts, byte[] body) throws IOException {
        String repository = parts[0] + "/" + parts[1];
        if (!hub.has(repository)) {
            FakeHub.error(exchange, 404, "RepoNotFound");
        } else if (parts[2].equals("preupload")) {
            ArrayNode files = JSON.createArrayNode();
            JSON.readTree(body).path("files").forEach(file -> files.addObject()
                    .put("path", file.path("path").asText())
                    .put("uploadMode", file.path("size").asInt() < FakeHub.LARGE ? "regular" : "lfs")
                    .put("shouldIgnore", file.path("path").asText().endsWith(".ignored")));
            FakeHub.send(
                    exchange,
                    200,
                    JSON.writeValueAsBytes(JSON.createObjectNode().set("files", files)));
        } else {
            commit(exchange, repository, parts[3], new String(body, StandardCharsets.UTF_8));
        }
    }

    private void commit(HttpExchange exchange, String repository, String revision, String lines) throws IOException {
        String head = hub.commit(repository, revision).orElseThrow();
        Map<String, byte[]> files = new TreeMap<>(hub.files(repository, head));
        for (String line : lines.split("\n")) {
            JsonNode value = JSON.readTree(line).path("value");
            switch (JSON.readTree(line).path("key").asText()) {
                case "header" -> {
                    if (!value.path("parentCommit").asText().equals(head)) {
                        FakeHub.send(exchange, 412, new byte[0]);
                        return;
                    }
                }
                case "file" ->
                    files.put(
                            value.path("path").asText(),
                            Base64.getDecoder().decode(value.path("content").asText()));
                default ->
                    files.put(
                            value.path("path").asText(),
                            stored.get(value.path("oid").asText()));
            }
        }
        String commit = FakeHub.gitDigest((head + lines).getBytes(StandardCharsets.UTF_8));
        hub.with(repository, commit, files).withRevision(repository, revision, commit);
        ObjectNode answer =
                JSON.createObjectNode().put("commitOid", commit).put("commitUrl", hub.url() + "/commit/" + commit);
        FakeHub.send(exchange, 200, JSON.writeValueAsBytes(answer));
    }

    private ObjectNode batch(JsonNode question) {
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode objects = answer.putArray("objects");
        question.path("objects").forEach(wanted -> {
            String oid = wanted.path("oid").asText();
            ObjectNode object = objects.addObject()
                    .put("oid", oid)
                    .put("size", wanted.path("size").asLong());
            if (!stored.containsKey(oid)) {
                ObjectNode actions = object.putObject("actions");
                ObjectNode upload = actions.putObject("upload");
                actions.putObject("verify").put("href", hub.url() + "/verify/" + oid);
                place(upload, oid, wanted.path("size").asInt());
            }
        });
        return answer;
    }

    private void place(ObjectNode upload, String oid, int size) {
        if (part == 0) {
            upload.put("href", hub.storeUrl() + "/" + oid + "?Signature=secret");
            return;
        }
        ObjectNode header = upload.put("href", hub.url() + "/complete/" + oid)
                .putObject("header")
                .put("chunk_size", Integer.toString(part));
        for (int i = 1; (i - 1) * part < size; i++) {
            header.put(String.format("%05d", i), hub.storeUrl() + "/" + oid + "." + i + "?Signature=secret");
        }
    }

    /** Takes what was sent to the store. */
    void store(HttpExchange exchange) throws IOException {
        byte[] content = exchange.getRequestBody().readAllBytes();
        stored.put(exchange.getRequestURI().getPath().substring(1), content);
        exchange.getResponseHeaders().set("ETag", "\"" + FakeHub.digest("SHA-1", content) + "\"");
        FakeHub.send(exchange, 200, new byte[0]);
    }

    private void complete(HttpExchange exchange, JsonNode complete) throws IOException {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        String oid = complete.path("oid").asText();
        for (JsonNode part : complete.path("parts")) {
            byte[] content = stored.get(oid + "." + part.path("partNumber").asInt());
            if (!part.path("etag").asText().equals("\"" + FakeHub.digest("SHA-1", content) + "\"")) {
                FakeHub.send(exchange, 400, new byte[0]);
                return;
            }
            whole.writeBytes(content);
        }
        stored.put(oid, whole.toByteArray());
        FakeHub.send(exchange, 200, new byte[0]);
    }
}
