package dev.cloze.hub;

import dev.cloze.failure.Causes;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/** Asks a hub by HTTP. It follows redirections, and shows the token to the hub's own address only. */
final class HubClient {
    private static final Set<Integer> REDIRECTIONS = Set.of(301, 302, 303, 307, 308);
    private static final Set<Integer> TEMPORARY = Set.of(408, 409, 412, 429, 500, 502, 503, 504);
    static final int OK = 200;
    private static final int PARTIAL = 206;

    private static final int MOST_REDIRECTIONS = 8;
    private static final Pattern NEXT = Pattern.compile("<([^>]*)>\\s*;[^,]*\\brel=\"?next\"?");
    private static final Pattern RESET = Pattern.compile("\\bt=(\\d{1,9})");

    private final HttpClient http;
    private final HubSettings settings;
    private final Patience patience;
    private final HubRefusal refusal;

    HubClient(HubSettings settings, Patience patience, HubRefusal refusal) {
        this.settings = settings;
        this.patience = patience;
        this.refusal = refusal;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(patience.connection())
                .build();
    }

    /**
     * What the hub answers; closing it ends the connection.
     *
     * @param status that the request accepts
     */
    record Answer(int status, HttpHeaders headers, WatchedBody body) implements AutoCloseable {
        /** Whether the body is the rest of a file from that byte on. */
        boolean continuesAt(long from) {
            return status == PARTIAL
                    && headers.firstValue("Content-Range").orElse("").startsWith("bytes " + from + "-");
        }

        @Override
        public void close() throws IOException {
            body.close();
        }
    }

    /**
     * The answer of the hub, or of the place that it sends us to.
     *
     * @param address below the hub's own, or one that it named
     * @param file that is asked for or sent, for messages
     * @throws HubFailure when it is worth another attempt
     */
    Answer ask(URI address, HubRequest request, String file) throws HubFailure {
        URI place = address;
        for (int i = 0; i <= MOST_REDIRECTIONS; i++) {
            HttpResponse<InputStream> response = send(http(place, request));
            int status = response.statusCode();
            if (request.accepts(status)) {
                return new Answer(status, response.headers(), new WatchedBody(response.body(), patience.body()));
            }
            close(response);
            if (!REDIRECTIONS.contains(status) || !request.follows(status)) {
                throw failure(response, place, file);
            }
            place = redirected(place, response.headers());
        }
        throw refusal.model("the hub sends us from one address to the next without end", "try again later");
    }

    private HttpRequest http(URI place, HubRequest wanted) {
        HttpRequest.Builder request = HttpRequest.newBuilder(place)
                .method(wanted.method(), wanted.body().get())
                .timeout(patience.answer().plus(wanted.time()))
                .header("Accept-Encoding", "identity")
                .header("User-Agent", "cloze");
        wanted.headers().forEach(request::header);
        if (isHub(place)) {
            settings.token().ifPresent(token -> request.header("Authorization", "Bearer " + token.secret()));
        }
        return request.build();
    }

    /** Same scheme, host and port. */
    private boolean isHub(URI place) {
        return origin(place).equals(origin(settings.endpoint()));
    }

    private static String origin(URI uri) {
        int port = uri.getPort() >= 0 ? uri.getPort() : uri.getScheme().equals("https") ? 443 : 80;
        return (uri.getScheme() + "://" + uri.getHost() + ":" + port).toLowerCase(Locale.ROOT);
    }

    private URI redirected(URI place, HttpHeaders headers) {
        return resolved(place, headers.firstValue("Location").orElse(""));
    }

    /** Where the next page of a list is that {@code place} has begun. */
    Optional<URI> next(URI place, HttpHeaders headers) {
        return headers.allValues("Link").stream()
                .map(NEXT::matcher)
                .filter(Matcher::find)
                .map(link -> resolved(place, link.group(1)))
                .findFirst();
    }

    /** What {@code address} means at {@code place}; fails when it is no address that anything may be sent to. */
    URI resolved(URI place, String address) {
        URI next;
        try {
            next = place.resolve(address);
        } catch (IllegalArgumentException e) {
            throw refusal.model("the hub redirects to something that is not an address", "try again later");
        }
        boolean sound = next.getHost() != null
                && ("https".equals(next.getScheme())
                        || "http".equals(next.getScheme()) && !place.getScheme().equals("https"));
        if (!sound) {
            throw refusal.model(
                    "the hub sends us to an address that is not encrypted, or none",
                    "look whether a proxy stands between this machine and the hub");
        }
        return next;
    }

    private HttpResponse<InputStream> send(HttpRequest request) throws HubFailure {
        String host = request.uri().getHost();
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofInputStream());
        } catch (HttpConnectTimeoutException e) {
            throw new HubFailure(
                    host + " takes no connection within "
                            + patience.connection().toSeconds() + " s",
                    e);
        } catch (HttpTimeoutException e) {
            throw new HubFailure(
                    host + " does not answer within " + patience.answer().toSeconds() + " s", e);
        } catch (SSLException e) {
            throw refusal.unreachable(
                    "the certificate of " + host + " is not trusted, or there is no common way to encrypt ("
                            + Causes.firstLine(e) + ")",
                    e);
        } catch (IOException e) {
            if (Causes.first(e, UnresolvedAddressException.class, cause -> true).isPresent()) {
                throw refusal.unreachable("the name of the host " + host + " is not known here", e);
            }
            throw new HubFailure("the connection with " + host + " failed (" + Causes.firstLine(e) + ")", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw refusal.unreachable("it was interrupted", e);
        }
    }

    private static void close(HttpResponse<InputStream> response) {
        try {
            response.body().close();
        } catch (IOException e) {
            throw new IllegalStateException("Nobody reads this body", e);
        }
    }

    private HubFailure failure(HttpResponse<?> response, URI place, String file) {
        int status = response.statusCode();
        if (TEMPORARY.contains(status)) {
            return new HubFailure(
                    status == 429
                            ? "the hub takes no more requests for now (status 429)"
                            : place.getHost() + " answers with status " + status,
                    wait(response.headers()));
        }
        if (!isHub(place)) {
            // The hub signs such addresses for a short time: the next attempt gets another one.
            return new HubFailure(place.getHost() + ", where the hub keeps its files, answers with status " + status);
        }
        throw refusal.answered(status, response.headers(), file);
    }

    /** For how long the hub wants to be left alone: {@code ratelimit: "api";r=0;t=55}, or else {@code Retry-After: 55}. */
    private static Optional<Duration> wait(HttpHeaders headers) {
        Optional<String> limit = headers.firstValue("ratelimit").flatMap(text -> {
            Matcher reset = RESET.matcher(text);
            return reset.find() ? Optional.of(reset.group(1)) : Optional.empty();
        });
        return limit.or(() -> headers.firstValue("Retry-After"))
                .filter(text -> text.matches("\\d{1,9}"))
                .map(text -> Duration.ofSeconds(Long.parseLong(text)));
    }
}
