package dev.cloze.hub;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What is sent to a hub.
 *
 * @param method of HTTP
 * @param headers besides those of every request
 * @param body made anew for every attempt
 * @param accepted statuses that are answers, besides those of success
 * @param time that sending the body may take
 */
record HubRequest(
        String method,
        Map<String, String> headers,
        Supplier<HttpRequest.BodyPublisher> body,
        Set<Integer> accepted,
        Duration time) {
    /** What was asked for begins after the end of the file. */
    static final int BEYOND_THE_END = 416;

    private static final Map<String, String> LFS =
            Map.of("Accept", "application/vnd.git-lfs+json", "Content-Type", "application/vnd.git-lfs+json");
    /** Bytes that even a slow line takes in a second. */
    private static final long SLOWEST = 32 << 10;

    private static final int SUCCESS = 2;
    private static final int HUNDRED = 100;

    static HubRequest get(Map<String, String> headers) {
        return new HubRequest(
                "GET", headers, HttpRequest.BodyPublishers::noBody, Set.of(BEYOND_THE_END), Duration.ZERO);
    }

    static HubRequest json(JsonNode content) {
        return post(Map.of("Content-Type", "application/json"), content.toString());
    }

    /** Of the protocol of Git LFS. */
    static HubRequest lfs(JsonNode content) {
        return post(LFS, content.toString());
    }

    /** One JSON object a line. */
    static HubRequest lines(String content) {
        return post(Map.of("Content-Type", "application/x-ndjson"), content);
    }

    private static HubRequest post(Map<String, String> headers, String content) {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        return new HubRequest(
                "POST",
                headers,
                () -> HttpRequest.BodyPublishers.ofByteArray(bytes),
                Set.of(),
                forSending(bytes.length));
    }

    static HubRequest put(Supplier<HttpRequest.BodyPublisher> body, long bytes) {
        return new HubRequest("PUT", Map.of(), body, Set.of(), forSending(bytes));
    }

    private static Duration forSending(long bytes) {
        return Duration.ofSeconds(bytes / SLOWEST);
    }

    /** The same request, to which this status is an answer, too. */
    HubRequest accepting(int status) {
        return new HubRequest(method, headers, body, Set.of(status), time);
    }

    boolean accepts(int status) {
        return status / HUNDRED == SUCCESS || accepted.contains(status);
    }

    /** Redirections of these keep the method; others would turn a request that sends something into one that does not. */
    boolean follows(int redirection) {
        return method.equals("GET") || redirection == 307 || redirection == 308;
    }
}
