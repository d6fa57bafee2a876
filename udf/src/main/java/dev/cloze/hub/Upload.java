package dev.cloze.hub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.util.Map;
import java.util.Optional;

/** Sends the content of one large file to the store of a hub, as the client of Git LFS does; in parts where the hub wants it. */
final class Upload {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** As many as stores of objects permit. */
    private static final long MOST_PARTS = 10_000;

    private final LocalFile file;
    private final String sha256;
    private final HubApi api;
    private final HubClient client;
    private final TransferProgress progress;
    private long sent;

    Upload(LocalFile file, HubApi api, HubClient client, TransferProgress progress) throws IOException {
        this.file = file;
        this.sha256 = file.sha256();
        this.api = api;
        this.client = client;
        this.progress = progress;
    }

    /** Returns when the store has the file. */
    void run(Retries retries) {
        progress.begin(file.path(), 0);
        while (true) {
            try {
                attempt();
                return;
            } catch (HubFailure e) {
                retries.after(e);
            }
        }
    }

    private void attempt() throws HubFailure {
        URI batch = api.largeFiles();
        JsonNode object =
                api.answer(batch, HubRequest.lfs(question())).path("objects").path(0);
        if (object.has("error")) {
            throw api.unexpected("it does not take the file " + file.path());
        }
        JsonNode upload = object.path("actions").path("upload");
        if (upload.isMissingNode() || upload.isNull()) {
            // The store has it.
            return;
        }
        URI place = client.resolved(batch, upload.path("href").asText());
        JsonNode header = upload.path("header");
        if (header.has("chunk_size")) {
            sendParts(place, header);
        } else {
            send(place, 0, file.size());
        }
        verify(batch, object.path("actions").path("verify"));
    }

    private ObjectNode question() {
        ObjectNode question = JSON.createObjectNode().put("operation", "upload").put("hash_algo", "sha256");
        question.putArray("transfers").add("basic").add("multipart");
        question.putArray("objects").add(object());
        return question;
    }

    private ObjectNode object() {
        return JSON.createObjectNode().put("oid", sha256).put("size", file.size());
    }

    /**
     * Sends the file in parts: {@code header} has the address of each part under the number of the part, and in the end the store gets the ETag of
     * every part.
     */
    private void sendParts(URI place, JsonNode header) throws HubFailure {
        long size = header.path("chunk_size").asLong();
        if (size <= 0 || file.size() / size >= MOST_PARTS) {
            throw api.unexpected("it wants the file " + file.path() + " in parts of " + size + " bytes");
        }
        ArrayNode parts = JSON.createArrayNode();
        int number = 1;
        for (long from = 0; from < file.size(); from += size, number++) {
            URI address = client.resolved(place, part(header, number));
            Optional<String> tag = send(address, from, Math.min(size, file.size() - from));
            parts.addObject()
                    .put("partNumber", number)
                    .put("etag", tag.orElseThrow(() -> api.unexpected("it gives no tag to a part of a file")));
        }
        ObjectNode complete = JSON.createObjectNode().put("oid", sha256);
        complete.set("parts", parts);
        api.answer(place, HubRequest.lfs(complete));
    }

    /** The address under a number, which may begin with zeros. */
    private static String part(JsonNode header, int number) {
        for (Map.Entry<String, JsonNode> entry : header.properties()) {
            if (entry.getKey().matches("0*" + number)) {
                return entry.getValue().asText();
            }
        }
        return "";
    }

    /** Sends a part of the file; the tag that the store gives it. */
    private Optional<String> send(URI place, long from, long length) throws HubFailure {
        long before = sent;
        try (Body body = new Body(from, length);
                HubClient.Answer answer = client.ask(place, HubRequest.put(body::publisher, length), file.path())) {
            return answer.headers().firstValue("ETag");
        } catch (HubFailure e) {
            progress.back(sent - before);
            throw e;
        } catch (IOException e) {
            throw new HubFailure("the answer of the hub broke off", e);
        }
    }

    private void verify(URI batch, JsonNode action) throws HubFailure {
        if (action.has("href")) {
            api.answer(client.resolved(batch, action.path("href").asText()), HubRequest.json(object()));
        }
    }

    /** A part of the file that counts what is read of it. */
    private final class Body implements AutoCloseable {
        private final long from;
        private final long length;
        private InputStream opened = InputStream.nullInputStream();

        Body(long from, long length) {
            this.from = from;
            this.length = length;
        }

        HttpRequest.BodyPublisher publisher() {
            return length == 0
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.fromPublisher(
                            HttpRequest.BodyPublishers.ofInputStream(this::open), length);
        }

        private InputStream open() {
            try {
                opened = new Part(
                        Channels.newInputStream(
                                Files.newByteChannel(file.file()).position(from)),
                        length);
                return opened;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() throws IOException {
            opened.close();
        }

        private final class Part extends FilterInputStream {
            private long left;

            Part(InputStream in, long left) {
                super(in);
                this.left = left;
            }

            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] target, int offset, int most) throws IOException {
                int read = left == 0 ? -1 : super.read(target, offset, (int) Math.min(most, left));
                if (read > 0) {
                    left -= read;
                    sent += read;
                    progress.add(read);
                }
                return read;
            }
        }
    }
}
